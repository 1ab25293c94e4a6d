package dev.podwork.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProtocolSettingsTest {

    @Test
    void aWorkerOfTheUsualProtocolNeedsNone() {
        assertThat(settings("{runtime: python}", Duration.ofSeconds(5))).isEmpty();
        assertThat(settings("{runtime: python, protocol: jsonrpc}", null)).isEmpty();
        assertThat(settings("{runtime: python, protocol: task}", Duration.ofSeconds(5)))
                .isEqualTo(Map.of("PODWORK_PROTOCOL", "task"));
    }

    @Test
    void whatAServerIsAsked() {
        assertThat(settings(
                        "{runtime: python, protocol: http, config: {a: $(HOME)}, http: {healthPath: /r$(X), stream: true}}",
                        Duration.ofMillis(90_500)))
                .isEqualTo(Map.of(
                        "PODWORK_PROTOCOL",
                        "http",
                        "PODWORK_CONFIG",
                        "{\"a\":\"$$(HOME)\"}",
                        "PODWORK_HTTP_HEALTH",
                        "/r$$(X)",
                        "PODWORK_STREAM",
                        "true",
                        "PODWORK_START_SECONDS",
                        "90.5"));
        assertThat(settings("{runtime: python, protocol: http, http: {stream: false}}", null))
                .isEqualTo(Map.of("PODWORK_PROTOCOL", "http", "PODWORK_STREAM", "false"));
    }

    @Test
    void whatALoopIsTold() {
        assertThat(settings("{runtime: python, protocol: messages, messages: {plugin: whisper}}", Duration.ofDays(30)))
                .isEqualTo(Map.of(
                        "PODWORK_PROTOCOL",
                        "messages",
                        "PODWORK_PLUGIN",
                        "whisper",
                        "PODWORK_START_SECONDS",
                        "604800"));
    }

    private static Map<String, String> settings(String spec, @Nullable Duration start) {
        return ProtocolSettings.of(Serialization.unmarshal("---\n" + spec, WorkerDefinitionSpec.class), start);
    }
}
