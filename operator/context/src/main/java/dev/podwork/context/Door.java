package dev.podwork.context;

import dev.podwork.context.session.Session;
import dev.podwork.context.token.PodIdentity;
import dev.podwork.protocol.relay.Frame;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a connection asks of the server that it came in at. */
interface Door {

    /** Whose token it is; fails with {@link dev.podwork.context.token.TokenException}. On any thread. */
    CompletionStage<PodIdentity> check(Frame.Hello hello);

    void onEventLoop(Runnable action);

    /** Called on the event loop: what it is doing comes first. */
    void afterThisTurn(Runnable action);

    /** Whether the pod carries out an attempt. */
    boolean isKnown(PodIdentity pod);

    /** The connection has said who it is. Its pod's former connection must go. */
    void welcomed(Connection connection, PodIdentity pod);

    /** The session that the shim names, or a new one; null when the pod has no attempt any more. */
    @Nullable
    Session session(PodIdentity pod, Frame.Attach attach);

    /** The connection has ended. */
    void left(Connection connection, @Nullable PodIdentity pod, @Nullable Session session);
}
