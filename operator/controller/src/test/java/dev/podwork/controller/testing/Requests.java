package dev.podwork.controller.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often each thing was asked of the API server, by its own count. */
public record Requests(Map<String, Long> counts) {

    private static final Set<String> RESOURCES =
            Set.of("pods", "jobs", "workerdefinitions", "configmaps", "events", "secrets");
    private static final Pattern LINE = Pattern.compile("apiserver_request_total\\{(.*)} (\\d+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    public static Requests now(KubernetesClient client) {
        Map<String, Long> counts = new TreeMap<>();
        for (String line : client.raw("/metrics").split("\n", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                Map<String, String> labels = new TreeMap<>();
                Matcher label = LABEL.matcher(matcher.group(1));
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
                String subresource = labels.getOrDefault("subresource", "");
                if (RESOURCES.contains(labels.get("resource"))
                        && !Set.of("LIST", "WATCH").contains(labels.get("verb"))) {
                    counts.merge(
                            labels.get("verb") + " " + labels.get("resource")
                                    + (subresource.isEmpty() ? "" : "/" + subresource),
                            Long.parseLong(matcher.group(2)),
                            Long::sum);
                }
            }
        }
        return new Requests(counts);
    }

    /** Without those that stayed the same. */
    public Map<String, Long> since(Requests before) {
        Map<String, Long> more = new TreeMap<>();
        counts.forEach((request, count) -> {
            long difference = count - before.counts.getOrDefault(request, 0L);
            if (difference != 0) {
                more.put(request, difference);
            }
        });
        return more;
    }
}
