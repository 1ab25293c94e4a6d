package dev.podwork.protocol.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;

/** What one line of a worker's stdout is. */
public sealed interface Line {

    /** A JSON-RPC message. */
    sealed interface Message extends Line {}

    /** A call; its id is a string, a number or null, and goes back with the answer. */
    record Request(JsonNode id, String method, Content params) implements Message {}

    /** A call that gets no answer. */
    record Notification(String method, Content params) implements Message {}

    /** An answer; a missing result is null. */
    record Result(JsonNode id, Content value) implements Message {}

    /** An answer that says why there is no result: any JSON but null. Of a long message only its scalars are kept. */
    record ErrorAnswer(JsonNode id, JsonNode error) implements Message {}

    /** An object with {@code "jsonrpc":"2.0"} that is neither request nor response. */
    record Invalid(JsonNode id, String message) implements Line {}

    /** It looks like a message, and is none. */
    record Broken(String message) implements Line {}

    /** It looks like a message, and is over the limit. */
    record Oversize(long bytes) implements Line {}

    /** Anything else. */
    record Log() implements Line {}
}
