package dev.podwork.protocol.jsonrpc;

/** Codes of errors that workers are given. */
public final class ErrorCode {
    /** The line began like a message and was not one, or was too long. */
    public static final int PARSE_ERROR = -32700;
    /** Neither request nor response. */
    public static final int INVALID_REQUEST = -32600;

    public static final int METHOD_NOT_FOUND = -32601;
    /** The message names the parameter, and what it must be. */
    public static final int INVALID_PARAMS = -32602;
    /** The service failed; {@code data.retriable} says whether another try can help. */
    public static final int SERVICE_FAILED = -32000;
    /** The message names the limit. */
    public static final int LIMIT_EXCEEDED = -32001;
    /** The attempt is over or superseded. */
    public static final int ATTEMPT_OVER = -32002;

    private ErrorCode() {}
}
