package dev.podwork.core.job;

import java.util.Optional;

/** Decides about jobs in one kind of situation. */
@FunctionalInterface
interface JobPolicy {

    /** Empty when the situation is another one. */
    Optional<JobDecision> decide(JobSnapshot snapshot);
}
