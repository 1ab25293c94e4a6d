package dev.podwork.core.admission;

import org.jspecify.annotations.Nullable;

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
     * @param refusal why there is none though fewer have one than may: what the API server said of the worker's last pod
     */
    record Waiting(
            int running, int limit, int ahead, @Nullable String refusal) implements Admission {}
}
