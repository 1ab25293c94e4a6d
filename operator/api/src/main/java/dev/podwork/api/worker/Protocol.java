package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a worker speaks on its stdin and stdout. */
public enum Protocol {
    @JsonProperty("jsonrpc")
    JSONRPC
}
