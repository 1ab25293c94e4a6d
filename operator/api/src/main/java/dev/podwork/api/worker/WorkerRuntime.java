package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What brings a worker's image and launcher. */
public enum WorkerRuntime {
    @JsonProperty("python")
    PYTHON,
    @JsonProperty("node")
    NODE,
    /** The definition's own image and command. */
    @JsonProperty("image")
    IMAGE
}
