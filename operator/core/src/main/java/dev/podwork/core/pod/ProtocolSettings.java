package dev.podwork.core.pod;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.podwork.api.worker.HttpProtocol;
import dev.podwork.api.worker.MessagesProtocol;
import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the shim is told of its worker's protocol: environment variables, as docs/relay-protocol.md lists them. */
final class ProtocolSettings {

    /** The shim takes no longer time. */
    private static final Duration LONGEST_START = Duration.ofDays(7);

    private ProtocolSettings() {}

    static Map<String, String> of(WorkerDefinitionSpec spec, @Nullable Duration start) {
        Protocol protocol = Objects.requireNonNullElse(spec.protocol(), Protocol.JSONRPC);
        Map<String, String> settings = new LinkedHashMap<>();
        if (protocol != Protocol.JSONRPC) {
            settings.put("PODWORK_PROTOCOL", protocol.text());
        }
        if (spec.config() != null) {
            settings.put(
                    "PODWORK_CONFIG",
                    literal(JsonNodeFactory.instance
                            .objectNode()
                            .setAll(spec.config())
                            .toString()));
        }
        boolean isReadySomeTime = protocol == Protocol.HTTP || protocol == Protocol.MESSAGES;
        if (start != null && isReadySomeTime) {
            settings.put("PODWORK_START_SECONDS", seconds(start));
        }
        HttpProtocol http = spec.http();
        if (http != null && http.healthPath() != null) {
            settings.put("PODWORK_HTTP_HEALTH", literal(http.healthPath()));
        }
        if (http != null && http.stream() != null) {
            settings.put("PODWORK_STREAM", http.stream().toString());
        }
        MessagesProtocol messages = spec.messages();
        if (messages != null && messages.plugin() != null) {
            settings.put("PODWORK_PLUGIN", literal(messages.plugin()));
        }
        return settings;
    }

    /** A dollar would begin a reference to another variable. */
    private static String literal(String text) {
        return text.replace("$(", "$$(");
    }

    private static String seconds(Duration duration) {
        Duration start = duration.compareTo(LONGEST_START) < 0 ? duration : LONGEST_START;
        return BigDecimal.valueOf(Math.max(1, start.toMillis()), 3)
                .stripTrailingZeros()
                .toPlainString();
    }
}
