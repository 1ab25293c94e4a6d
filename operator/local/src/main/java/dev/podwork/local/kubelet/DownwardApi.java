package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a pod may be told of itself. */
final class DownwardApi {
    private static final Pattern KEYED = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)']");
    private static final String LOOPBACK = "127.0.0.1";

    private DownwardApi() {}

    static String field(Pod pod, String path) {
        Matcher keyed = KEYED.matcher(path);
        if (keyed.matches()) {
            Map<String, String> values = keyed.group(1).equals("labels")
                    ? pod.getMetadata().getLabels()
                    : pod.getMetadata().getAnnotations();
            return values.getOrDefault(keyed.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "metadata.labels" -> lines(pod.getMetadata().getLabels());
            case "metadata.annotations" -> lines(pod.getMetadata().getAnnotations());
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "spec.serviceAccountName" ->
                Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse(ServiceAccountTokens.DEFAULT_ACCOUNT);
            case "status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs" -> LOOPBACK;
            default ->
                throw new PodStartException(
                        "CreateContainerConfigError", "the field path " + path + " is not one that a pod can be told");
        };
    }

    /** Without a limit the whole machine's, as a kubelet has it. */
    static String resource(Container container, ResourceFieldSelector selector) {
        String[] path = selector.getResource().split("\\.", 2);
        Map<String, Quantity> values = container.getResources() == null
                ? Map.of()
                : path[0].equals("limits")
                        ? container.getResources().getLimits()
                        : container.getResources().getRequests();
        String name = path.length == 2 ? path[1] : "";
        Quantity quantity = Optional.ofNullable(values.get(name)).orElseGet(() -> capacity(name));
        BigDecimal divisor = Optional.ofNullable(selector.getDivisor())
                .map(DownwardApi::amount)
                .filter(amount -> amount.signum() > 0)
                .orElse(BigDecimal.ONE);
        return amount(quantity).divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }

    private static BigDecimal amount(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity);
    }

    private static Quantity capacity(String resource) {
        return switch (resource) {
            case "cpu" -> new Quantity(Integer.toString(Runtime.getRuntime().availableProcessors()));
            case "memory" -> new Quantity(Long.toString(Runtime.getRuntime().maxMemory()));
            default -> new Quantity("0");
        };
    }

    private static String lines(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=\"" + entry.getValue() + "\"")
                .sorted()
                .collect(Collectors.joining("\n"));
    }
}
