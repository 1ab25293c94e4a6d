package dev.podwork.core.job;

import java.util.Optional;

/** What has ended stays as it ended: whatever was recorded first won. Only its pod may still have to go. */
final class TerminalPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        return snapshot.status().phase() != null && snapshot.status().phase().isTerminal()
                ? Optional.of(Ending.after(snapshot))
                : Optional.empty();
    }
}
