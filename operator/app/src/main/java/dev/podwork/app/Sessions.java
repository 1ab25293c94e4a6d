package dev.podwork.app;

import dev.podwork.context.Attempts;
import dev.podwork.context.ContextServer;
import dev.podwork.controller.attempt.AttemptListener;
import dev.podwork.controller.attempt.AttemptPorts;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where controllers and context server meet: each asks the other, and neither knows the other. */
final class Sessions implements Attempts, AttemptListener {
    private volatile @Nullable ContextServer server;
    private volatile @Nullable AttemptPorts attempts;

    /** Both are there before the first pod can connect, and before the first status write. */
    void connect(ContextServer server, AttemptPorts attempts) {
        this.server = server;
        this.attempts = attempts;
    }

    @Override
    public Optional<Attempt> find(String namespace, String podName, String podUid) {
        AttemptPorts ports = attempts;
        return ports == null ? Optional.empty() : ports.find(namespace, podName, podUid);
    }

    @Override
    public void report(AttemptReport report) {
        AttemptPorts ports = attempts;
        if (ports != null) {
            ports.report(report);
        }
    }

    @Override
    public void recorded(AttemptKey key, long sequence, @Nullable AttemptEnd end) {
        ContextServer sessions = server;
        if (sessions != null) {
            sessions.recorded(key, sequence, end);
        }
    }

    @Override
    public Optional<Contact> contact(String podUid) {
        ContextServer sessions = server;
        return sessions == null ? Optional.empty() : sessions.contact(podUid);
    }

    @Override
    public void forget(String podUid) {
        ContextServer sessions = server;
        if (sessions != null) {
            sessions.forget(podUid);
        }
    }
}
