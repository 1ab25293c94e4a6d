package dev.podwork.api.worker;

/** The condition that says whether jobs can run with a WorkerDefinition, and its reasons. */
public final class Readiness {
    public static final String CONDITION = "Ready";

    public static final String VALID = "Valid";
    /** The definition contradicts itself or lacks something; the message says what to change. */
    public static final String INVALID = "Invalid";
    /** The ConfigMap with the worker's code, or the file in it, is not there (yet). */
    public static final String SOURCE_NOT_FOUND = "SourceNotFound";

    private Readiness() {}
}
