package dev.podwork.api.attempt;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether each wait is longer than the one before. */
public enum BackoffType {
    @JsonProperty("Fixed")
    FIXED,
    @JsonProperty("Exponential")
    EXPONENTIAL
}
