package dev.podwork.local.kubelet;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a container's paths are on this machine. There is no file system of its own to give to a process, so the paths in its
 * command, its arguments and its environment are rewritten instead.
 */
final class PathMapping {
    /** Longest first, so that a mount inside a mount wins. */
    private static final Comparator<String> LONGEST_FIRST =
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

    private final Map<String, Path> hosts = new TreeMap<>(LONGEST_FIRST);
    private final Pattern pattern;

    /** @param hosts absolute container paths and what stands for them */
    PathMapping(Map<String, Path> hosts) {
        hosts.forEach((path, host) -> this.hosts.put(path.replaceAll("/+$", ""), host));
        String paths = this.hosts.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        // A path begins where no other name or path could go on, and ends at a slash or where its last name does.
        pattern = Pattern.compile("((?<=file://)|(?<![\\w./~-]))(" + paths + ")(?![\\w.-])");
    }

    /** Replaces each mapped path in the text: alone, as the beginning of a longer one, after {@code =}, between colons. */
    String translate(String text) {
        if (hosts.isEmpty()) {
            return text;
        }
        return pattern.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(String.valueOf(hosts.get(match.group(2)))));
    }
}
