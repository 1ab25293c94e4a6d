package dev.podwork.context;

import dev.podwork.context.state.StateStore;
import dev.podwork.context.tls.CertificateAuthority;
import dev.podwork.context.token.IssuerKeys;
import dev.podwork.core.attempt.AttemptKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/** Where relays connect. All of its sessions live on one event loop of its own; its methods may be called from any thread. */
public final class ContextServer implements AutoCloseable {

    public ContextServer(
            ContextServerSettings settings,
            CertificateAuthority authority,
            IssuerKeys issuerKeys,
            Attempts attempts,
            StateStore states,
            MeterRegistry meters,
            Clock clock) {}

    /** Listens; returns when it does. */
    public void start() {}

    /** The port that it listens on. */
    public int port() {
        return 0;
    }

    /**
     * A report up to this number is in the Job's status.
     *
     * @param over so is the attempt's end: its worker is told to go
     */
    public void recorded(AttemptKey key, long sequence, boolean over) {}

    /** The pod is gone: nobody will ask for its session again. */
    public void forget(String podUid) {}

    @Override
    public void close() {}
}
