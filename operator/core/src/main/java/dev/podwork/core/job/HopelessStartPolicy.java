package dev.podwork.core.job;

import dev.podwork.core.attempt.Classification;
import dev.podwork.core.pod.PodTrouble;
import java.util.Optional;

/** The pod can't start, and waiting for its start limit, if it has one, would change nothing. */
final class HopelessStartPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        return Optional.ofNullable(snapshot.pod())
                .flatMap(PodTrouble::of)
                .filter(trouble -> trouble.outlook() == PodTrouble.Outlook.HOPELESS)
                .map(trouble -> Ending.of(snapshot, Classification.failure(trouble.reason(), trouble.message())));
    }
}
