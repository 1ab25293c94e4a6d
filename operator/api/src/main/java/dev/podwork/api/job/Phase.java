package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a job stands. {@code Succeeded} and {@code Failed} are final. */
public enum Phase {
    @JsonProperty("Queued")
    QUEUED,
    @JsonProperty("Starting")
    STARTING,
    @JsonProperty("Running")
    RUNNING,
    @JsonProperty("Succeeded")
    SUCCEEDED,
    @JsonProperty("Failed")
    FAILED;

    public boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED;
    }
}
