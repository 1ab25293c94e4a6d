package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;

/** An event that a worker emitted for its flow. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Emit(
        @JsonPropertyDescription("Number of the worker's message, unique and rising within the attempt.")
        long sequence,

        @JsonPropertyDescription("Name of the event.") String name,
        @JsonPropertyDescription("Any JSON value.") JsonNode payload) {}
