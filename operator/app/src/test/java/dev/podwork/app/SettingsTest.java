package dev.podwork.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Map<String, String> LEAST = Map.of(
            "PODWORK_NAMESPACE", "podwork",
            "PODWORK_RELAY_IMAGE", "relay:1",
            "PODWORK_PYTHON_IMAGE", "python:1",
            "PODWORK_NODE_IMAGE", "node:1");

    @Test
    void whatIsNotSetHasTheDefaultsOfTheChart() {
        Settings settings = Settings.from(LEAST);

        assertThat(settings.contextPort()).isEqualTo(7443);
        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.watchNamespaces()).isEmpty();
        assertThat(settings.imagePullPolicy()).isEqualTo("IfNotPresent");
    }

    @Test
    void namespacesAreAListWithCommas() {
        assertThat(Settings.from(with("PODWORK_WATCH_NAMESPACES", " a, b,,a ")).watchNamespaces())
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void everyProblemIsNamedAtOnce() {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.remove("PODWORK_NAMESPACE");
        environment.put("PODWORK_CONTEXT_PORT", "70000");
        environment.put("PODWORK_HTTP_PORT", "http");
        environment.put("PODWORK_IMAGE_PULL_POLICY", "Sometimes");

        assertThatThrownBy(() -> Settings.from(environment))
                .hasMessage("PODWORK_NAMESPACE must be set"
                        + "; PODWORK_CONTEXT_PORT must be a port from 0 to 65535, not '70000'"
                        + "; PODWORK_HTTP_PORT must be a port from 0 to 65535, not 'http'"
                        + "; PODWORK_IMAGE_PULL_POLICY must be one of Always, IfNotPresent, Never, not 'Sometimes'");
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(name, value);
        return environment;
    }
}
