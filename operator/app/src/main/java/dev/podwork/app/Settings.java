package dev.podwork.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The operator's settings, from environment variables; the chart's values become these.
 *
 * @param namespace where the operator itself runs, and keeps its TLS Secret
 * @param watchNamespaces namespaces whose Jobs it runs; empty for all
 * @param contextService Service in front of the context server; relays are given its cluster IP, so they need no DNS
 * @param tlsSecret Secret that holds the context server's certificate authority; made when absent
 */
public record Settings(
        String namespace,
        Set<String> watchNamespaces,
        int contextPort,
        String contextService,
        String tlsSecret,
        int httpPort,
        String relayImage,
        String pythonImage,
        String nodeImage,
        String imagePullPolicy) {

    private static final Set<String> PULL_POLICIES = Set.of("Always", "IfNotPresent", "Never");

    public Settings {
        watchNamespaces = Set.copyOf(watchNamespaces);
    }

    /**
     * Reads the settings.
     *
     * @throws InvalidSettingsException naming every variable that is missing or wrong
     */
    public static Settings from(Map<String, String> environment) {
        Reader reader = new Reader(environment);
        Settings settings = new Settings(
                reader.required("PODWORK_NAMESPACE"),
                reader.names("PODWORK_WATCH_NAMESPACES"),
                reader.port("PODWORK_CONTEXT_PORT", 7443),
                reader.optional("PODWORK_CONTEXT_SERVICE", "podwork-context"),
                reader.optional("PODWORK_TLS_SECRET", "podwork-context-tls"),
                reader.port("PODWORK_HTTP_PORT", 8080),
                reader.required("PODWORK_RELAY_IMAGE"),
                reader.required("PODWORK_PYTHON_IMAGE"),
                reader.required("PODWORK_NODE_IMAGE"),
                reader.oneOf("PODWORK_IMAGE_PULL_POLICY", "IfNotPresent", PULL_POLICIES));
        if (!reader.problems.isEmpty()) {
            throw new InvalidSettingsException(String.join("; ", reader.problems));
        }
        return settings;
    }

    /** Its message names the variables and what they must be. */
    public static final class InvalidSettingsException extends RuntimeException {
        InvalidSettingsException(String message) {
            super(message);
        }
    }

    private static final class Reader {
        private final Map<String, String> environment;
        private final List<String> problems = new ArrayList<>();

        Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        String optional(String name, String fallback) {
            String value = environment.getOrDefault(name, "").strip();
            return value.isEmpty() ? fallback : value;
        }

        String required(String name) {
            String value = optional(name, "");
            if (value.isEmpty()) {
                problems.add(name + " must be set");
            }
            return value;
        }

        Set<String> names(String name) {
            return Set.copyOf(Arrays.stream(optional(name, "").split(","))
                    .map(String::strip)
                    .filter(it -> !it.isEmpty())
                    .distinct()
                    .toList());
        }

        int port(String name, int fallback) {
            String value = optional(name, Integer.toString(fallback));
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= 65535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // told below, like a number out of range
            }
            problems.add(name + " must be a port from 0 to 65535, not '" + value + "'");
            return fallback;
        }

        String oneOf(String name, String fallback, Set<String> allowed) {
            String value = optional(name, fallback);
            if (!allowed.contains(value)) {
                problems.add(name + " must be one of "
                        + String.join(", ", allowed.stream().sorted().toList()) + ", not '" + value + "'");
            }
            return value;
        }
    }
}
