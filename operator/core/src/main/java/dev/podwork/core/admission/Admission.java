package dev.podwork.core.admission;

/** What came of asking for a slot. */
public sealed interface Admission {

    /** The job has one, until its attempt ends. */
    record Admitted() implements Admission {}

    /**
     * There is none.
     *
     * @param running how many jobs have one
     * @param limit how many may; 0 when the definition changed this moment, so that nobody can tell
     * @param ahead how many jobs get one before this
     */
    record Waiting(int running, int limit, int ahead) implements Admission {}
}
