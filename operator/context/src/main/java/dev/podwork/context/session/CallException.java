package dev.podwork.context.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.podwork.protocol.Text;
import dev.podwork.protocol.jsonrpc.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Why a worker's call was refused, in words for its author. */
final class CallException extends RuntimeException {
    private final int code;
    private final @Nullable Boolean retriable;

    private CallException(int code, String message, @Nullable Boolean retriable) {
        super(message, null, false, false);
        this.code = code;
        this.retriable = retriable;
    }

    static CallException parameter(String name, String must) {
        return new CallException(ErrorCode.INVALID_PARAMS, name + " must be " + must, null);
    }

    static CallException noSuchMethod(String method) {
        return new CallException(ErrorCode.METHOD_NOT_FOUND, "no such method: " + Text.shorten(method, 100), null);
    }

    static CallException limit(String message) {
        return new CallException(ErrorCode.LIMIT_EXCEEDED, message, null);
    }

    static CallException over() {
        return new CallException(ErrorCode.ATTEMPT_OVER, "this attempt is over; its calls are no longer served", null);
    }

    static CallException failed(String message, boolean retriable) {
        return new CallException(ErrorCode.SERVICE_FAILED, message, retriable);
    }

    int code() {
        return code;
    }

    @Nullable
    JsonNode data() {
        return retriable == null ? null : JsonNodeFactory.instance.objectNode().put("retriable", retriable);
    }
}
