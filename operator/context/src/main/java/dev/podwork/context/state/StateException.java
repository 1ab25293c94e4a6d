package dev.podwork.context.state;

/** Why a value could not be read or kept, for the worker to read. */
public final class StateException extends RuntimeException {

    public enum Kind {
        /** A limit stands in the way; the message names it. */
        LIMIT,
        /** The store could not be reached, or was overloaded: another try can help. */
        UNAVAILABLE,
        /** The store said no, and will say it again. */
        REFUSED
    }

    private final Kind kind;

    public StateException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
