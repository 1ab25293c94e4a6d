package dev.podwork.core.model;

/** The API server did not do what was asked, or at least did not say that it did. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    enum Cause {
        CONFLICT,
        EXISTS,
        FORBIDDEN,
        NOT_FOUND,
        UNREACHABLE
    }

    private final Cause cause;

    Refusal(Cause cause) {
        super(cause.toString(), null, false, false);
        this.cause = cause;
    }

    Cause why() {
        return cause;
    }
}
