package dev.podwork.api.attempt;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose failure it was that an attempt failed. */
public enum FailureClass {
    /** The worker raised an error, or its process ended without a result. */
    @JsonProperty("Worker")
    WORKER,
    /** A time limit of the attempt passed. */
    @JsonProperty("Timeout")
    TIMEOUT,
    @JsonProperty("OutOfMemory")
    OUT_OF_MEMORY,
    /** The pod was deleted, evicted, preempted, or lost with its node. */
    @JsonProperty("Infrastructure")
    INFRASTRUCTURE,
    /** An image can't be had, no container be made of it, or the worker's command not be run. */
    @JsonProperty("Image")
    IMAGE,
    /** The worker's answer can't be taken. */
    @JsonProperty("Protocol")
    PROTOCOL
}
