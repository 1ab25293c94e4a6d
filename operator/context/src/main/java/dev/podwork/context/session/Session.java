package dev.podwork.context.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.context.ContextServerSettings;
import dev.podwork.context.state.State;
import dev.podwork.context.stream.StreamBuffer;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import dev.podwork.core.attempt.EndGrace;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.jsonrpc.Messages;
import dev.podwork.protocol.relay.Frame;
import dev.podwork.protocol.relay.FrameWriter;
import dev.podwork.protocol.relay.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the relay protocol with one shim. Outlives connections. Confined to the event loop; a worker's messages are
 * handled one after the other.
 */
public final class Session {
    /** What a well-behaved shim may have on its way; more is read only when this has been handled. */
    private static final long QUEUE_BYTES = Limits.WINDOW_BYTES + Limits.MESSAGE_BYTES + Limits.ENVELOPE_BYTES;

    private final String id = UUID.randomUUID().toString();
    private final AttemptKey key;
    private final EndGrace grace;
    private final Clock clock;
    private final Context context;
    private final ContextServerSettings settings;
    private final MemoryBudget budget;
    private final StreamBuffer parts;
    private final Conversation conversation;
    private final Dispatch dispatch;
    private final Outbox outbox = new Outbox();
    private final Inbox inbox = new Inbox();
    private final Deque<Queued> queue = new ArrayDeque<>();
    /** The job, until the worker is given it. */
    private @Nullable ObjectNode execute;

    private @Nullable Peer peer;
    private long queuedBytes;
    private long recorded;
    /** The highest number that came over this connection, or that its attach was answered with. */
    private long seenFromPeer;

    private long acknowledgedToPeer;
    private boolean acknowledging;
    private boolean busy;
    private boolean awaitingExit;
    private boolean over;
    private boolean closed;
    private volatile Contact contact;

    private record Queued(Frame.Sequenced frame, int bytes) {}

    public Session(
            Attempt attempt,
            State state,
            StreamBuffer parts,
            Consumer<AttemptReport> reports,
            Context context,
            ContextServerSettings settings,
            SessionMetrics metrics,
            MemoryBudget budget,
            Clock clock) {
        this.key = attempt.key();
        this.context = context;
        this.settings = settings;
        this.budget = budget;
        this.parts = parts;
        this.conversation = new Conversation(attempt, state, parts, reports, clock);
        this.dispatch = new Dispatch(conversation, metrics);
        this.clock = clock;
        this.contact = new Contact(clock.instant(), false);
        this.grace = attempt.grace();
        this.execute = attempt.execute();
        AttemptEnd end = attempt.end();
        if (end != null) {
            end(end);
        } else if (attempt.recorded() != null && attempt.recorded().startedAt() != null) {
            give();
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
        heard();
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
            heard();
        }
    }

    /** A break of the connection counts: until then the worker could have been heard. */
    private void heard() {
        contact = new Contact(clock.instant(), peer != null);
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
        } else if (isOfAShim(frame)) {
            if (isOfTheWorker(frame)) {
                heard();
            }
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

    private static boolean isOfAShim(Frame frame) {
        return isOfTheWorker(frame) || frame instanceof Frame.Telemetry || frame instanceof Frame.Unknown;
    }

    /** A sign of its life, and not only of its shim's. */
    private static boolean isOfTheWorker(Frame frame) {
        return frame instanceof Frame.Msg || frame instanceof Frame.Oversize || frame instanceof Frame.Exited;
    }

    /** That the worker has the job is in its status, and so are reports up to this number. */
    public void recorded(long sequence, @Nullable AttemptEnd end) {
        recorded = Math.max(recorded, sequence);
        if (end != null && !over) {
            end(end);
        }
        give();
        acknowledge();
    }

    /** Only once it is recorded: of two servers that would each let a worker begin, the API server lets one have its way. */
    private void give() {
        ObjectNode job = execute;
        if (job != null && !over) {
            execute = null;
            send(seq -> new Frame.Msg(seq, Messages.request(Conversation.EXECUTE_ID, "execute", job)));
        }
    }

    private void end(AttemptEnd end) {
        over = true;
        inbox.settleAll();
        conversation.end(end).ifPresent(message -> send(seq -> new Frame.Msg(seq, message)));
        send(seq -> new Frame.End(
                seq, grace.cooperation().toMillis(), grace.termination().toMillis()));
    }

    /** What there is to go by of this session. On any thread. */
    public Contact contact() {
        return contact;
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
            budget.keeps(
                    this,
                    queuedBytes + outbox.bytes() + parts.size() + (current == null ? 0 : current.unfinishedBytes()));
        }
    }

    private void handle(Frame.Sequenced frame) {
        CompletionStage<Optional<String>> answer = dispatch.handle(frame);
        if (answer.toCompletableFuture().isDone()) {
            answer.thenAccept(message -> done(frame.seq(), message));
            return;
        }
        busy = true;
        answer.thenAccept(message -> context.runOnContext(nothing -> {
            busy = false;
            if (!closed) {
                done(frame.seq(), message);
                proceed();
            }
        }));
    }

    private void done(long seq, Optional<String> message) {
        long answer =
                message.map(json -> send(number -> new Frame.Msg(number, json))).orElse(0L);
        inbox.processed(seq, answer, conversation.lastToRecord() == seq);
        acknowledge();
        if (conversation.awaitsExit() && !awaitingExit) {
            awaitingExit = true;
            context.owner().setTimer(settings.exitGrace().toMillis(), timer -> {
                if (!closed) {
                    conversation.exitIsLate();
                }
            });
        }
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
