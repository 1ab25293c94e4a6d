package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a job stands. {@code Succeeded}, {@code Failed} and {@code Cancelled} are final. */
public enum Phase {
    @JsonProperty("Queued")
    QUEUED,
    @JsonProperty("Starting")
    STARTING,
    @JsonProperty("Running")
    RUNNING,
    /** An attempt failed, and another follows. */
    @JsonProperty("Retrying")
    RETRYING,
    @JsonProperty("Succeeded")
    SUCCEEDED,
    @JsonProperty("Failed")
    FAILED,
    @JsonProperty("Cancelled")
    CANCELLED;

    public boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
}
