package dev.podwork.core.model;

import dev.podwork.api.job.JobStatus;
import dev.podwork.core.job.JobDecision;

/** Words of a decision, for the trace of a history. */
record Decision(JobDecision decision) {

    static Decision of(JobDecision decision) {
        return new Decision(decision);
    }

    static Decision of(JobStatus status) {
        return new Decision(new JobDecision(status, null, null, null));
    }

    @Override
    public String toString() {
        return "%s%s%s%s"
                .formatted(
                        words(decision.status()),
                        decision.pod() == null ? "" : ", create pod",
                        decision.remove() == null ? "" : ", remove pod",
                        decision.revisit() == null ? "" : ", again at " + decision.revisit());
    }

    private static String words(JobStatus status) {
        StringBuilder attempts = new StringBuilder();
        status.attempts()
                .forEach(attempt -> attempts.append(" %d:%s:%s:%s"
                        .formatted(attempt.number(), attempt.podUid(), attempt.reason(), attempt.acknowledged())));
        return "%s/%s failures=%s attempts=[%s]"
                .formatted(status.phase(), status.reason(), status.failures(), attempts);
    }
}
