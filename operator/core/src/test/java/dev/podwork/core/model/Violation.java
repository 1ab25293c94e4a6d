package dev.podwork.core.model;

/** An invariant does not hold. */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    Violation(String invariant) {
        super(invariant);
    }
}
