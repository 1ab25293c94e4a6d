package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Why a job failed. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobError(
        @JsonPropertyDescription("The error's class in the worker's language, or the reason of the failure.")
        String type,

        @JsonPropertyDescription("What went wrong, in the worker's words where it had any.")
        String message,

        @JsonPropertyDescription("Stack trace with files and lines.") @Nullable
        String stack,

        @JsonPropertyDescription("The worker's own code for the error: a number or a string.") @Nullable
        JsonNode code,

        @JsonPropertyDescription("False when the worker said that another try can't help.") @Nullable
        Boolean retriable) {}
