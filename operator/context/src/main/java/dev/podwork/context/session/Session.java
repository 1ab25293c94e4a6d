package dev.podwork.context.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.context.ContextServerSettings;
import dev.podwork.context.state.State;
import dev.podwork.context.state.StateException;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.jsonrpc.Content;
import dev.podwork.protocol.jsonrpc.ErrorCode;
import dev.podwork.protocol.jsonrpc.Line;
import dev.podwork.protocol.jsonrpc.LineReader;
import dev.podwork.protocol.jsonrpc.Messages;
import dev.podwork.protocol.relay.Frame;
import dev.podwork.protocol.relay.FrameWriter;
import dev.podwork.protocol.relay.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of the relay protocol with one shim. Outlives connections. Confined to the event loop; a worker's messages are
 * handled one after the other.
 */
public final class Session {
    private static final Logger log = LoggerFactory.getLogger(Session.class);
    /** What a well-behaved shim may have on its way; more is read only when this has been handled. */
    private static final long QUEUE_BYTES = Limits.WINDOW_BYTES + Limits.MESSAGE_BYTES + Limits.ENVELOPE_BYTES;

    private final String id = UUID.randomUUID().toString();
    private final AttemptKey key;
    private final Context context;
    private final ContextServerSettings settings;
    private final SessionMetrics metrics;
    private final MemoryBudget budget;
    private final Conversation conversation;
    private final Outbox outbox = new Outbox();
    private final Inbox inbox = new Inbox();
    private final Deque<Queued> queue = new ArrayDeque<>();
    private @Nullable Peer peer;
    private long queuedBytes;
    private long recorded;
    /** The highest number that came over this connection, or that its attach was answered with. */
    private long seenFromPeer;

    private long acknowledgedToPeer;
    private boolean acknowledging;
    private boolean busy;
    private boolean over;
    private boolean closed;

    private record Queued(Frame.Sequenced frame, int bytes) {}

    public Session(
            Attempt attempt,
            State state,
            Consumer<AttemptReport> reports,
            Context context,
            ContextServerSettings settings,
            SessionMetrics metrics,
            MemoryBudget budget,
            Clock clock) {
        this.key = attempt.key();
        this.context = context;
        this.settings = settings;
        this.metrics = metrics;
        this.budget = budget;
        this.conversation = new Conversation(attempt, state, reports, clock);
        if (attempt.over()) {
            end();
        } else {
            send(seq -> new Frame.Msg(seq, Messages.request(Conversation.EXECUTE_ID, "execute", attempt.execute())));
        }
    }

    public String id() {
        return id;
    }

    public AttemptKey key() {
        return key;
    }

    /** Whether nothing is expected of the worker any more. */
    public boolean isOver() {
        return over;
    }

    /** Goes on over a new connection, in place of the one before. */
    public void attach(Peer next, Frame.Attach attach) throws ProtocolException {
        Iterable<Buffer> again = outbox.above(attach.session().equals(id) ? attach.received() : 0);
        Peer former = peer;
        peer = next;
        if (former != null && former != next) {
            former.close();
        }
        inbox.settle(outbox.acknowledged(), recorded);
        acknowledgedToPeer = inbox.safe();
        seenFromPeer = acknowledgedToPeer;
        acknowledging = false;
        next.write(Buffer.buffer(FrameWriter.write(new Frame.Attached(id, acknowledgedToPeer))));
        again.forEach(next::write);
        if (!over) {
            conversation.started();
        }
        acknowledge();
        proceed();
    }

    /** The connection is gone. */
    public void detach(Peer gone) {
        if (peer == gone) {
            peer = null;
        }
    }

    /** Nothing more is to come of this session. */
    public void close() {
        closed = true;
        queue.clear();
        budget.keeps(this, 0);
        Peer last = peer;
        peer = null;
        if (last != null) {
            last.close();
        }
    }

    /** A frame from the shim. */
    public void receive(Frame frame, int bytes) throws ProtocolException {
        if (frame instanceof Frame.Ack ack) {
            outbox.acknowledge(ack.seq());
            acknowledge();
            proceed();
        } else if (frame instanceof Frame.Msg || frame instanceof Frame.Oversize || frame instanceof Frame.Exited) {
            Frame.Sequenced sequenced = (Frame.Sequenced) frame;
            seenFromPeer = Math.max(seenFromPeer, sequenced.seq());
            if (inbox.accept(sequenced.seq())) {
                queue.add(new Queued(sequenced, bytes));
                queuedBytes += bytes;
                proceed();
            } else {
                acknowledge();
            }
        } else {
            throw new ProtocolException(
                    "a shim does not send " + frame.getClass().getSimpleName());
        }
    }

    /** Reports up to this number are in the Job's status. */
    public void recorded(long sequence, boolean ended) {
        recorded = Math.max(recorded, sequence);
        if (ended && !over) {
            conversation.end();
            end();
        }
        acknowledge();
    }

    private void end() {
        over = true;
        inbox.settleAll();
        send(seq -> new Frame.End(seq, settings.endGrace().toMillis()));
    }

    /** Handles what waits, as far as the one before is done and the shim takes what is sent. */
    private void proceed() {
        while (!closed && !busy && outbox.bytes() < settings.maxBufferedBytes() && !queue.isEmpty()) {
            Queued next = queue.remove();
            queuedBytes -= next.bytes();
            handle(next.frame());
        }
        Peer current = peer;
        if (current != null) {
            if (queuedBytes > QUEUE_BYTES) {
                current.pause();
            } else {
                current.resume();
            }
        }
        weigh();
    }

    /** Notes what this session keeps in memory. */
    public void weigh() {
        Peer current = peer;
        if (!closed) {
            budget.keeps(this, queuedBytes + outbox.bytes() + (current == null ? 0 : current.unfinishedBytes()));
        }
    }

    private void handle(Frame.Sequenced frame) {
        if (frame instanceof Frame.Msg msg) {
            handle(msg);
        } else if (frame instanceof Frame.Oversize oversize) {
            if (Answers.looksLikeAnswer(oversize.head())) {
                answer(oversize.seq(), Answers.tooLarge(oversize.bytes()));
            } else {
                refuse(
                        oversize.seq(),
                        NullNode.getInstance(),
                        ErrorCode.PARSE_ERROR,
                        "a message of " + oversize.bytes() + " bytes was dropped; the limit is "
                                + Limits.MESSAGE_BYTES);
            }
        } else if (frame instanceof Frame.Exited exited) {
            conversation.exited(exited.seq(), Answers.exit(exited.exit()));
            processed(exited.seq(), 0);
        }
    }

    private void handle(Frame.Msg msg) {
        Line line = LineReader.read(msg.json());
        if (line instanceof Line.Request request) {
            call(msg.seq(), request.method(), request.params(), request.id());
        } else if (line instanceof Line.Notification notification) {
            call(msg.seq(), notification.method(), notification.params(), null);
        } else if (line instanceof Line.Result result) {
            if (answersExecute(result.id())) {
                answer(msg.seq(), Answers.result(result.value()));
            } else {
                ignore(msg.seq());
            }
        } else if (line instanceof Line.ErrorAnswer error) {
            if (answersExecute(error.id())) {
                answer(msg.seq(), Answers.error(error.error()));
            } else {
                ignore(msg.seq());
            }
        } else if (line instanceof Line.Invalid invalid) {
            refuse(msg.seq(), invalid.id(), ErrorCode.INVALID_REQUEST, invalid.message());
        } else if (line instanceof Line.Broken broken) {
            if (Answers.looksLikeAnswer(msg.json())) {
                answer(msg.seq(), Answers.notSerializable(broken.message()));
            } else {
                refuse(msg.seq(), NullNode.getInstance(), ErrorCode.PARSE_ERROR, broken.message());
            }
        } else {
            ignore(msg.seq());
        }
    }

    private static boolean answersExecute(JsonNode id) {
        return id.isNumber() && id.doubleValue() == Conversation.EXECUTE_ID;
    }

    private void call(long seq, String method, Content params, @Nullable JsonNode callId) {
        metrics.called(method);
        CompletionStage<JsonNode> reply = conversation.call(seq, method, params);
        if (reply.toCompletableFuture().isDone()) {
            reply.whenComplete((result, failure) -> reply(seq, callId, result, failure));
            return;
        }
        busy = true;
        reply.whenComplete((result, failure) -> context.runOnContext(nothing -> {
            busy = false;
            if (!closed) {
                reply(seq, callId, result, failure);
                proceed();
            }
        }));
    }

    private void reply(long seq, @Nullable JsonNode callId, @Nullable JsonNode result, @Nullable Throwable failure) {
        if (callId == null) {
            processed(seq, 0);
        } else if (failure == null) {
            JsonNode value = result == null ? NullNode.getInstance() : result;
            processed(seq, send(number -> new Frame.Msg(number, Messages.result(callId, value))));
        } else {
            CallException refusal = refusal(failure);
            String text = String.valueOf(refusal.getMessage());
            processed(
                    seq,
                    send(number ->
                            new Frame.Msg(number, Messages.error(callId, refusal.code(), text, refusal.data()))));
        }
    }

    private CallException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof CallException refusal) {
            return refusal;
        }
        if (cause instanceof StateException refusal) {
            String message = String.valueOf(refusal.getMessage());
            return refusal.kind() == StateException.Kind.LIMIT
                    ? CallException.limit(message)
                    : CallException.failed(message, refusal.kind() == StateException.Kind.UNAVAILABLE);
        }
        log.error("{}: a call failed without a reason of its own", key, cause);
        return CallException.failed("internal error: " + cause.getClass().getSimpleName(), true);
    }

    private void answer(long seq, Outcome outcome) {
        if (!conversation.answered(seq, outcome)) {
            ignore(seq);
            return;
        }
        if (conversation.awaitsExit()) {
            context.owner().setTimer(settings.exitGrace().toMillis(), timer -> {
                if (!closed) {
                    conversation.exitIsLate();
                }
            });
        }
        processed(seq, 0);
    }

    private void ignore(long seq) {
        metrics.ignoredReply();
        processed(seq, 0);
    }

    private void refuse(long seq, JsonNode callId, int code, String message) {
        processed(seq, send(number -> new Frame.Msg(number, Messages.error(callId, code, message, null))));
    }

    private void processed(long seq, long answer) {
        inbox.processed(seq, answer, conversation.lastToRecord() == seq);
        acknowledge();
    }

    private long send(LongFunction<Frame> frame) {
        Buffer line = outbox.add(frame);
        Peer current = peer;
        if (current != null) {
            current.write(line);
        }
        return outbox.last();
    }

    /** Tells the shim what it may forget, once for all that is handled in this turn of the event loop. */
    private void acknowledge() {
        if (acknowledging) {
            return;
        }
        acknowledging = true;
        context.runOnContext(nothing -> {
            Peer current = peer;
            if (current == null) {
                acknowledging = false;
                return;
            }
            current.whenWritable(() -> {
                acknowledging = false;
                inbox.settle(outbox.acknowledged(), recorded);
                // What it has not sent again over this connection it would not understand.
                long safe = Math.min(inbox.safe(), seenFromPeer);
                if (peer == current && safe > acknowledgedToPeer) {
                    acknowledgedToPeer = safe;
                    current.write(Buffer.buffer(FrameWriter.write(new Frame.Ack(safe))));
                }
            });
        });
    }
}
