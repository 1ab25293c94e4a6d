package dev.podwork.context.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.Telemetry;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.jsonrpc.Surrogates;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a shim measured. A worker can speak in its shim's place, so it may be anything: what is not as it should be is left out,
 * rather than kept from everybody else's eyes by a broken connection.
 */
final class Measurement {
    private Measurement() {}

    /** Empty when the figures can't be. */
    static Optional<Telemetry> of(int attempt, String json, Instant now) {
        JsonNode told;
        try {
            told = Json.mapper().readTree(json);
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
        JsonNode cpu = told.path("cpuSeconds");
        JsonNode processes = told.path("processes");
        boolean plausible = isCount(told.path("memoryBytes"))
                && isCount(told.path("peakMemoryBytes"))
                && isCount(processes)
                && processes.canConvertToInt()
                && cpu.isNumber()
                && Double.isFinite(cpu.doubleValue())
                && cpu.doubleValue() >= 0;
        return plausible
                ? Optional.of(new Telemetry(
                        attempt,
                        now.truncatedTo(ChronoUnit.SECONDS),
                        told.get("memoryBytes").longValue(),
                        told.get("peakMemoryBytes").longValue(),
                        cpu.doubleValue(),
                        processes.intValue(),
                        stats(told.path("stats"), json)))
                : Optional.empty();
    }

    private static boolean isCount(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
    }

    private static @Nullable Map<String, JsonNode> stats(JsonNode stats, String json) {
        if (!stats.isObject()
                || Json.size(stats) > Limits.STATS_BYTES
                || Numbers.firstOutOfRange(stats).isPresent()) {
            return null;
        }
        JsonNode mended = Surrogates.mayBeLone(json) ? Surrogates.mend(stats) : stats;
        Map<String, JsonNode> members = new LinkedHashMap<>();
        mended.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }
}
