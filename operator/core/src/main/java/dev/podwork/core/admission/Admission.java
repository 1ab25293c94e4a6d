package dev.podwork.core.admission;

import org.jspecify.annotations.Nullable;

/** What came of asking for a slot. */
public sealed interface Admission {

    /**
     * The job has one, until its attempt ends.
     *
     * @param worker whose it is
     */
    record Admitted(WorkerKey worker) implements Admission {}

    /**
     * There is none.
     *
     * @param running how many jobs have one
     * @param limit how many may; 0 when the definition changed this moment, so that nobody can tell
     * @param ahead how many jobs get one before this
     * @param refusal why there is none though fewer have one than may: what the API server said of the worker's last pod
     * @param others how many other definitions would do; the numbers are those of all of them
     */
    record Waiting(
            int running, int limit, int ahead, @Nullable String refusal, int others) implements Admission {

        /** For a slot of one definition. */
        public Waiting(int running, int limit, int ahead, @Nullable String refusal) {
            this(running, limit, ahead, refusal, 0);
        }

        /** For a slot of any of them. */
        Waiting and(Waiting other) {
            return new Waiting(
                    running + other.running,
                    (int) Math.min((long) limit + other.limit, Integer.MAX_VALUE),
                    Math.min(ahead, other.ahead),
                    refusal == null ? other.refusal : refusal,
                    others + other.others + 1);
        }
    }
}
