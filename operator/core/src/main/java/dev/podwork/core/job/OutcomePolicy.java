package dev.podwork.core.job;

import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.attempt.OutcomeClassifier;
import dev.podwork.core.pod.PodLoss;
import java.util.Optional;

/** The session told how the attempt ended. */
final class OutcomePolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        if (snapshot.report() == null || snapshot.report().outcome() == null) {
            return Optional.empty();
        }
        Classification ending = classify(snapshot, snapshot.report().outcome());
        return Optional.of(Ending.of(snapshot, ending));
    }

    /** A signal that came because the pod is being taken away is not the worker's failure. */
    private static Classification classify(JobSnapshot snapshot, Outcome outcome) {
        Classification ending = OutcomeClassifier.classify(outcome);
        if (snapshot.pod() == null || !ending.reason().equals(Reasons.SIGNALLED)) {
            return ending;
        }
        return PodLoss.reason(snapshot.pod())
                .map(words -> ending.becauseOf(Reasons.POD_LOST, words))
                .orElse(ending);
    }
}
