package dev.podwork.context;

import dev.podwork.context.session.MemoryBudget;
import dev.podwork.context.session.Session;
import dev.podwork.context.session.SessionMetrics;
import dev.podwork.context.state.StateScope;
import dev.podwork.context.state.StateStore;
import dev.podwork.context.tls.CertificateAuthority;
import dev.podwork.context.tls.ServerKeyManager;
import dev.podwork.context.token.IssuerKeys;
import dev.podwork.context.token.PodIdentity;
import dev.podwork.context.token.TokenVerifier;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.protocol.relay.Frame;
import dev.podwork.protocol.relay.RefusalCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where relays connect. All of its sessions live on one event loop of its own; its methods may be called from any thread. */
public final class ContextServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ContextServer.class);
    private static final Duration CERTIFICATE_CHECK = Duration.ofHours(12);

    private final ContextServerSettings settings;
    private final CertificateAuthority authority;
    private final TokenVerifier tokens;
    private final Attempts attempts;
    private final StateStore states;
    private final SessionMetrics metrics;
    private final Clock clock;
    private final Runnable hideSessions;
    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
    /** Written on the event loop only. */
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    private final Map<String, Connection> connections = new HashMap<>();
    private final Set<Connection> strangers = new LinkedHashSet<>();
    private final Door door = new FrontDoor();
    private final MemoryBudget budget;
    private @Nullable Context context;
    private volatile int port;

    public ContextServer(
            ContextServerSettings settings,
            CertificateAuthority authority,
            IssuerKeys issuerKeys,
            Attempts attempts,
            StateStore states,
            MeterRegistry meters,
            Clock clock) {
        this.settings = settings;
        this.authority = authority;
        this.tokens = new TokenVerifier(issuerKeys, clock);
        this.attempts = attempts;
        this.states = states;
        this.metrics = new SessionMetrics(meters);
        this.clock = clock;
        this.budget = new MemoryBudget(settings.maxMemoryBytes(), this::shed);
        this.hideSessions = metrics.sessions(sessions::size);
    }

    /** Listens; returns when it does. */
    public void start() {
        vertx.deployVerticle(new Listener(new ServerKeyManager(authority.identity())))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        log.info("listening on {}:{}", settings.host(), port);
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /**
     * A report up to this number is in the Job's status.
     *
     * @param over so is the attempt's end: its worker is told to go
     */
    public void recorded(AttemptKey key, long sequence, boolean over) {
        door.onEventLoop(() -> {
            Session session = sessions.get(key.podUid());
            if (session != null) {
                session.recorded(sequence, over);
                if (over && !connections.containsKey(key.podUid())) {
                    drop(session);
                }
            }
        });
    }

    /** The pod is gone: nobody will ask for its session again. */
    public void forget(String podUid) {
        door.onEventLoop(() -> {
            Session session = sessions.get(podUid);
            if (session != null) {
                drop(session);
            }
            Connection connection = connections.get(podUid);
            if (connection != null) {
                connection.close();
            }
        });
    }

    /** Stops listening and ends all connections; relays will try again, here or elsewhere. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        hideSessions.run();
    }

    private void shed(Session session) {
        log.warn("{}: dropped for want of memory; its shim begins anew", session.key());
        metrics.droppedSession();
        drop(session);
    }

    private void drop(Session session) {
        sessions.remove(session.key().podUid(), session);
        session.close();
    }

    /** Owns the event loop. */
    private final class Listener extends AbstractVerticle {
        private final ServerKeyManager keys;

        Listener(ServerKeyManager keys) {
            this.keys = keys;
        }

        @Override
        public void start(Promise<Void> started) {
            ContextServer.this.context = context;
            NetServerOptions options = new NetServerOptions()
                    .setHost(settings.host())
                    .setPort(settings.port())
                    .setTcpKeepAlive(true)
                    .setTcpNoDelay(true)
                    .addEnabledSecureTransportProtocol("TLSv1.3")
                    .setKeyCertOptions(KeyCertOptions.wrap(keys))
                    // Signatures take milliseconds, and after a restart hundreds of relays come at once.
                    .setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true));
            options.getEnabledSecureTransportProtocols().stream()
                    .filter(protocol -> !protocol.equals("TLSv1.3"))
                    .toList()
                    .forEach(options::removeEnabledSecureTransportProtocol);
            Future<NetServer> listening = vertx.createNetServer(options)
                    .connectHandler(this::connected)
                    .listen();
            listening
                    .<Void>map(server -> {
                        port = server.actualPort();
                        return null;
                    })
                    .onComplete(started);
            vertx.setPeriodic(CERTIFICATE_CHECK.toMillis(), timer -> renew());
        }

        private void renew() {
            vertx.executeBlocking(authority::identity)
                    .onSuccess(keys::present)
                    .onFailure(e -> log.error("could not renew the context server's certificate", e));
        }

        private void connected(NetSocket socket) {
            if (strangers.size() >= settings.maxStrangers()) {
                // Who means well is no stranger for longer than milliseconds.
                strangers.iterator().next().hurry(RefusalCode.OVERLOADED);
            }
            Connection connection = new Connection(socket, door, metrics);
            strangers.add(connection);
            connection.secure();
            vertx.setTimer(settings.helloTimeout().toMillis(), timer -> connection.hurry(RefusalCode.BAD_HELLO));
        }
    }

    private final class FrontDoor implements Door {

        @Override
        public CompletionStage<PodIdentity> check(Frame.Hello hello) {
            try {
                return tokens.verify(hello.token());
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void onEventLoop(Runnable action) {
            Context loop = context;
            if (loop != null) {
                if (Vertx.currentContext() == loop) {
                    action.run();
                } else {
                    loop.runOnContext(nothing -> action.run());
                }
            }
        }

        @Override
        public boolean isKnown(PodIdentity pod) {
            return find(pod).isPresent();
        }

        @Override
        public void welcomed(Connection connection, PodIdentity pod) {
            strangers.remove(connection);
            Connection former = connections.put(pod.uid(), connection);
            if (former != null) {
                former.close();
            }
        }

        @Override
        public @Nullable Session session(PodIdentity pod, Frame.Attach attach) {
            Session current = sessions.get(pod.uid());
            if (current != null && current.id().equals(attach.session())) {
                return current;
            }
            Attempt attempt = find(pod).orElse(null);
            if (attempt == null) {
                return null;
            }
            if (current != null) {
                // The shim has been with another server since, or never heard of this session.
                drop(current);
            }
            Session session = new Session(
                    attempt,
                    states.open(StateScope.of(attempt), attempt.jobReference()),
                    this::report,
                    Vertx.currentContext(),
                    settings,
                    metrics,
                    budget,
                    clock);
            sessions.put(pod.uid(), session);
            return session;
        }

        private Optional<Attempt> find(PodIdentity pod) {
            try {
                return attempts.find(pod.namespace(), pod.name(), pod.uid());
            } catch (RuntimeException e) {
                log.error("{}: its attempt could not be found", pod, e);
                return Optional.empty();
            }
        }

        private void report(AttemptReport report) {
            try {
                attempts.report(report);
            } catch (RuntimeException e) {
                log.error("{}: a report was not taken", report.key(), e);
            }
        }

        @Override
        public void left(Connection connection, @Nullable PodIdentity pod, @Nullable Session session) {
            strangers.remove(connection);
            if (pod != null) {
                connections.remove(pod.uid(), connection);
            }
            if (session != null) {
                session.detach(connection);
                if (session.isOver()) {
                    drop(session);
                }
            }
        }
    }
}
