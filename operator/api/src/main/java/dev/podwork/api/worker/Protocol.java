package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a worker speaks. */
public enum Protocol {
    /** JSON-RPC 2.0 on stdin and stdout. */
    @JsonProperty("jsonrpc")
    JSONRPC("jsonrpc"),

    /** One JSON document on stdin, one on stdout. */
    @JsonProperty("task")
    TASK("task"),

    /** An HTTP server on the pod's loopback. */
    @JsonProperty("http")
    HTTP("http"),

    /** A loop over requests on stdin. */
    @JsonProperty("messages")
    MESSAGES("messages");

    private final String text;

    Protocol(String text) {
        this.text = text;
    }

    /** As in manifests, and as the shim is told. */
    public String text() {
        return text;
    }
}
