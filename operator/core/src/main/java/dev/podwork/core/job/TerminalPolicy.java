package dev.podwork.core.job;

import java.util.Optional;

/** What has ended stays as it ended: whatever was recorded first won. */
final class TerminalPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        return snapshot.status().phase() != null && snapshot.status().phase().isTerminal()
                ? Optional.of(JobDecision.nothing(snapshot))
                : Optional.empty();
    }
}
