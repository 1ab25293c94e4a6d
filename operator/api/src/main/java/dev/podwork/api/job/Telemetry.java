package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a worker and all that it started used when it was last measured. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Telemetry(
        @JsonPropertyDescription("Number of the attempt that was measured.")
        int attempt,

        @JsonPropertyDescription("When it was measured last.")
        Instant measuredAt,

        @JsonPropertyDescription("Resident memory of all its processes together.")
        long memoryBytes,

        @JsonPropertyDescription("The most memory that was seen.")
        long peakMemoryBytes,

        @JsonPropertyDescription("CPU time so far, of processes that have ended too.")
        double cpuSeconds,

        @JsonPropertyDescription("How many processes there were.")
        int processes,

        @JsonPropertyDescription("What an http worker says of itself: its answer to GET /stats.") @Nullable
        Map<String, JsonNode> stats) {

    public Telemetry {
        stats = stats == null || stats.isEmpty() ? null : Collections.unmodifiableMap(new LinkedHashMap<>(stats));
    }
}
