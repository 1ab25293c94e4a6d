package dev.podwork.local.workerhost;

import java.util.Map;
import java.util.stream.Collectors;

/** How the Secret is made that the workers get their variables from. */
final class SecretCommand {

    private SecretCommand() {}

    /** A line for a shell in which the variables are set, as they were for WorkerHost; others get their defaults. */
    static String of(String secret, Map<String, String> variables) {
        return "kubectl create secret generic " + secret
                + variables.entrySet().stream()
                        .map(variable -> " --from-literal=" + variable.getKey() + "=\""
                                + value(variable.getKey(), variable.getValue()) + "\"")
                        .collect(Collectors.joining());
    }

    private static String value(String name, String defaultValue) {
        return defaultValue.isEmpty()
                ? "$" + name
                : "${" + name + ":-" + defaultValue.replaceAll("([\\\\\"$`}])", "\\\\$1") + "}";
    }
}
