package dev.podwork.core.job;

import dev.podwork.core.attempt.Classification;
import java.util.Optional;

/** A clock has run out. What has ended by itself by then is none of its business. */
final class TimeLimitPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        return TimeLimit.next(snapshot)
                .filter(limit -> !snapshot.now().isBefore(limit.due()))
                .map(limit -> Ending.of(snapshot, Classification.failure(limit.reason(), limit.message())));
    }
}
