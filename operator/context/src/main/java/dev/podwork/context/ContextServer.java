package dev.podwork.context;

import dev.podwork.context.session.SessionMetrics;
import dev.podwork.context.state.StateStore;
import dev.podwork.context.stream.StreamSink;
import dev.podwork.context.tls.CertificateAuthority;
import dev.podwork.context.tls.ServerKeyManager;
import dev.podwork.context.tls.TlsIdentity;
import dev.podwork.context.token.IssuerKeys;
import dev.podwork.context.token.TokenVerifier;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.Contact;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where relays connect. All of its sessions live on one event loop of its own; its methods may be called from any thread. */
public final class ContextServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ContextServer.class);
    private static final Duration CERTIFICATE_CHECK = Duration.ofHours(12);

    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
    private final Context context = vertx.getOrCreateContext();
    private final ContextServerSettings settings;
    private final CertificateAuthority authority;
    private final Sessions sessions;
    private final Runnable hideSessions;
    private volatile int port;
    private volatile @Nullable TlsIdentity presented;

    public ContextServer(
            ContextServerSettings settings,
            CertificateAuthority authority,
            IssuerKeys issuerKeys,
            Attempts attempts,
            StateStore states,
            StreamSink streams,
            MeterRegistry meters,
            Clock clock) {
        SessionMetrics metrics = new SessionMetrics(meters);
        this.settings = settings;
        this.authority = authority;
        this.sessions = new Sessions(
                context, settings, new TokenVerifier(issuerKeys, clock), attempts, states, streams, metrics, clock);
        this.hideSessions = metrics.sessions(sessions::count);
    }

    /** Listens; returns when it does. */
    public void start() {
        TlsIdentity identity = authority.identity();
        ServerKeyManager keys = new ServerKeyManager(identity);
        presented = identity;
        Promise<NetServer> listening = Promise.promise();
        context.runOnContext(nothing -> {
            vertx.createNetServer(options(keys))
                    .connectHandler(sessions::connected)
                    .listen()
                    .onComplete(listening);
            vertx.setPeriodic(CERTIFICATE_CHECK.toMillis(), timer -> renew(keys));
        });
        port = listening
                .future()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        log.info("listening on {}:{}", settings.host(), port);
    }

    private NetServerOptions options(ServerKeyManager keys) {
        NetServerOptions options = new NetServerOptions();
        // Both ends are ours.
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        // Signatures take milliseconds, and after a restart hundreds of relays come at once.
        options.setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true));
        return options.setHost(settings.host())
                .setPort(settings.port())
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setKeyCertOptions(KeyCertOptions.wrap(keys));
    }

    private void renew(ServerKeyManager keys) {
        vertx.executeBlocking(authority::identity)
                .onSuccess(identity -> {
                    keys.present(identity);
                    presented = identity;
                })
                .onFailure(e -> log.error("could not renew the context server's certificate", e));
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** PEM of the authority that relays have to trust. Asked for each pod, so it is kept in memory. */
    public String caCertificate() {
        return Objects.requireNonNull(presented, "the server has not been started")
                .caCertificate();
    }

    /**
     * A report up to this number is in the Job's status. {@link Attempts#find} must know it by then.
     *
     * @param end so is the attempt's end: its worker is told to go; null while it goes on
     */
    public void recorded(AttemptKey key, long sequence, @Nullable AttemptEnd end) {
        sessions.onEventLoop(() -> sessions.recorded(key, sequence, end));
    }

    /** What session there is with a pod's worker; empty when there is none. */
    public Optional<Contact> contact(String podUid) {
        return sessions.contact(podUid);
    }

    /** The pod is gone: nobody will ask for its session again. */
    public void forget(String podUid) {
        sessions.onEventLoop(() -> sessions.forget(podUid));
    }

    /** Stops listening and ends all connections; relays will try again, here or elsewhere. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        hideSessions.run();
    }
}
