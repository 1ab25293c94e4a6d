package dev.podwork.local.workerhost;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** References to variables of the environment: {@code ${NAME}}, and with a default {@code ${NAME:default}}. */
final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-?([^}]*))?}");

    private References() {}

    /** The variables' defaults by their names, empty where there is none. */
    static Map<String, String> in(String text) {
        Map<String, String> defaults = new LinkedHashMap<>();
        REFERENCE.matcher(text).results().forEach(match -> defaults.put(match.group(1), defaultOf(match)));
        return defaults;
    }

    /** The text with each reference's default in its place; empty when one has none. */
    static Optional<String> defaults(String text) {
        boolean known = REFERENCE.matcher(text).results().allMatch(match -> match.group(2) != null);
        return known
                ? Optional.of(REFERENCE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(defaultOf(match))))
                : Optional.empty();
    }

    /** As Kubernetes refers to a container's variables in its command. */
    static String inCommand(String text) {
        return REFERENCE.matcher(text).replaceAll(match -> Matcher.quoteReplacement("$(" + match.group(1) + ")"));
    }

    private static String defaultOf(MatchResult match) {
        return Optional.ofNullable(match.group(2)).orElse("");
    }
}
