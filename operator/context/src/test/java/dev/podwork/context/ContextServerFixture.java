package dev.podwork.context;

import dev.podwork.context.state.MemoryStateStore;
import dev.podwork.context.state.StateStore;
import dev.podwork.context.stream.StreamSink;
import dev.podwork.context.tls.CertificateAuthority;
import dev.podwork.context.tls.MemoryIdentityStore;
import dev.podwork.context.token.TokenSigner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/** A server on a port of its own, which may be killed and started again. */
final class ContextServerFixture implements AutoCloseable {
    final Clock clock = Clock.systemUTC();
    final RecordedAttempts attempts = new RecordedAttempts();
    final TokenSigner signer = new TokenSigner("key-1", clock);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final CertificateAuthority authority = new CertificateAuthority(new MemoryIdentityStore(), clock);
    final SSLContext trust = TestRelay.trusting(authority.identity().caCertificate());
    StateStore states = new MemoryStateStore(clock);
    /** Who shows parts of results; a test may take its place. */
    volatile StreamSink sink = StreamSink.NONE;

    ContextServer server;
    private ContextServerSettings settings =
            ContextServerSettings.defaults().withHost("127.0.0.1").withPort(0).withExitGrace(Duration.ofMillis(300));

    ContextServerFixture() {
        attempts.recordStarts(() -> server);
        server = start();
    }

    ContextServerFixture(ContextServerSettings changed) {
        settings = changed.withHost("127.0.0.1").withPort(0);
        attempts.recordStarts(() -> server);
        server = start();
    }

    ContextServerFixture(StateStore states) {
        this.states = states;
        attempts.recordStarts(() -> server);
        server = start();
    }

    private ContextServer start() {
        ContextServer started = new ContextServer(
                settings,
                authority,
                () -> CompletableFuture.completedFuture(signer.issuer()),
                attempts,
                states,
                (attempt, part) -> sink.take(attempt, part),
                meters,
                clock);
        started.start();
        return started;
    }

    /** As after a crash of the operator: what was not recorded is gone. */
    void restart() {
        // At the same address, as behind a Service.
        settings = settings.withPort(server.port());
        server.close();
        server = start();
    }

    String token(String pod) {
        return signer.token("ns", pod, "uid-" + pod);
    }

    TestRelay connect() {
        return TestRelay.connect(server.port(), trust);
    }

    /** A new pod with a job, let in. */
    TestRelay enter(String pod) {
        return connect().enter(token(pod));
    }

    void record(String pod, boolean over) {
        server.recorded(attempts.last(pod).key(), attempts.last(pod).sequence(), over ? RecordedAttempts.END : null);
    }

    double count(String name, String... tags) {
        return meters.get(name).tags(tags).counter().count();
    }

    @Override
    public void close() {
        server.close();
    }
}
