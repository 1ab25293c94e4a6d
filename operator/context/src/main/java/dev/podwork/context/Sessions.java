package dev.podwork.context;

import dev.podwork.context.session.MemoryBudget;
import dev.podwork.context.session.Session;
import dev.podwork.context.session.SessionMetrics;
import dev.podwork.context.state.StateScope;
import dev.podwork.context.state.StateStore;
import dev.podwork.context.stream.StreamBuffer;
import dev.podwork.context.stream.StreamSink;
import dev.podwork.context.token.PodIdentity;
import dev.podwork.context.token.TokenVerifier;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import dev.podwork.protocol.relay.Frame;
import dev.podwork.protocol.relay.RefusalCode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is connected, and which sessions there are: one for each pod. Confined to the event loop unless it says otherwise. */
final class Sessions implements Door {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    private final Context context;
    private final ContextServerSettings settings;
    private final TokenVerifier tokens;
    private final Attempts attempts;
    private final StateStore states;
    private final StreamSink sink;
    private final SessionMetrics metrics;
    private final MemoryBudget budget;
    private final Clock clock;
    /** By the pod's UID. Others may count them. */
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    /** The same, for as long as a session may be needed again. */
    private final Map<String, StreamBuffer> streams = new HashMap<>();
    /** By the UID of the pod that it is of. */
    private final Map<String, Connection> connections = new HashMap<>();
    /** Who has not said who it is, the oldest first, with the timer that ends its patience. */
    private final Map<Connection, Long> strangers = new LinkedHashMap<>();

    Sessions(
            Context context,
            ContextServerSettings settings,
            TokenVerifier tokens,
            Attempts attempts,
            StateStore states,
            StreamSink sink,
            SessionMetrics metrics,
            Clock clock) {
        this.context = context;
        this.settings = settings;
        this.tokens = tokens;
        this.attempts = attempts;
        this.states = states;
        this.sink = sink;
        this.metrics = metrics;
        this.budget = new MemoryBudget(settings.maxMemoryBytes(), this::shed);
        this.clock = clock;
    }

    /** On any thread. */
    int count() {
        return sessions.size();
    }

    void connected(NetSocket socket) {
        if (strangers.size() >= settings.maxStrangers()) {
            // Who means well is no stranger for longer than milliseconds.
            strangers.keySet().iterator().next().hurry(RefusalCode.OVERLOADED);
        }
        Connection connection = new Connection(socket, this, metrics);
        strangers.put(
                connection,
                context.owner()
                        .setTimer(
                                settings.helloTimeout().toMillis(), timer -> connection.hurry(RefusalCode.BAD_HELLO)));
        connection.secure();
    }

    /** On any thread. */
    Optional<Contact> contact(String podUid) {
        return Optional.ofNullable(sessions.get(podUid)).map(Session::contact);
    }

    void recorded(AttemptKey key, long sequence, @Nullable AttemptEnd end) {
        Session session = sessions.get(key.podUid());
        if (session != null) {
            session.recorded(sequence, end);
            if (end != null && !connections.containsKey(key.podUid())) {
                drop(session);
            }
        }
    }

    void forget(String podUid) {
        Session session = sessions.get(podUid);
        if (session != null) {
            drop(session);
        }
        streams.remove(podUid);
        Connection connection = connections.get(podUid);
        if (connection != null) {
            connection.close();
        }
    }

    private void shed(Session session) {
        log.warn("{}: dropped for want of memory; its shim begins anew", session.key());
        metrics.droppedSession();
        drop(session);
    }

    private void drop(Session session) {
        sessions.remove(session.key().podUid(), session);
        if (session.isOver()) {
            streams.remove(session.key().podUid());
        }
        session.close();
    }

    @Override
    public void onEventLoop(Runnable action) {
        if (Vertx.currentContext() == context) {
            action.run();
        } else {
            context.runOnContext(nothing -> action.run());
        }
    }

    @Override
    public void afterThisTurn(Runnable action) {
        context.runOnContext(nothing -> action.run());
    }

    @Override
    public CompletionStage<PodIdentity> check(Frame.Hello hello) {
        try {
            return tokens.verify(hello.token());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public boolean isKnown(PodIdentity pod) {
        return find(pod).isPresent();
    }

    @Override
    public void welcomed(Connection connection, PodIdentity pod) {
        noStranger(connection);
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
                streams.computeIfAbsent(pod.uid(), uid -> new StreamBuffer(attempt.key(), sink, this::onEventLoop)),
                this::report,
                context,
                settings,
                metrics,
                budget,
                clock);
        sessions.put(pod.uid(), session);
        return session;
    }

    @Override
    public void left(Connection connection, @Nullable PodIdentity pod, @Nullable Session session) {
        noStranger(connection);
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

    private void noStranger(Connection connection) {
        Long timer = strangers.remove(connection);
        if (timer != null) {
            context.owner().cancelTimer(timer);
        }
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
}
