package dev.podwork.core.job;

import dev.podwork.core.admission.Admission;

/** What a job has of its worker's slots, after a decision about it has been carried out. */
public enum Standing {
    /** A slot: its attempt is open. */
    HOLDS,
    /** A place in the queue. */
    WAITS,
    /** A slot that it could not use: the API server refused its pod. */
    REFUSED,
    /** Neither: it has ended, or is not to start now. */
    NONE;

    public static Standing of(JobSnapshot snapshot, JobDecision decision) {
        if (decision.endsAttempt(snapshot.status())) {
            return NONE;
        }
        if (snapshot.hasOpenAttempt()) {
            return HOLDS;
        }
        if (snapshot.creation() instanceof PodCreation.Refused) {
            return REFUSED;
        }
        return snapshot.admission() instanceof Admission.Waiting ? WAITS : NONE;
    }
}
