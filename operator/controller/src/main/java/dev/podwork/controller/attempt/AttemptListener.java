package dev.podwork.controller.attempt;

import dev.podwork.core.attempt.AttemptKey;

/** Whoever holds the sessions with pods. Called from any thread, and must not block. */
public interface AttemptListener {

    /**
     * A report up to this number is in the Job's status.
     *
     * @param over so is the attempt's end, or the Job is gone: its worker must stop
     */
    void recorded(AttemptKey key, long sequence, boolean over);

    /** The pod is gone: nobody will ask for its session again. */
    void forget(String podUid);
}
