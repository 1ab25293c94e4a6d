package dev.podwork.context;

import dev.podwork.context.session.Peer;
import dev.podwork.context.session.Session;
import dev.podwork.context.session.SessionMetrics;
import dev.podwork.context.token.PodIdentity;
import dev.podwork.context.token.TokenException;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.LineSplitter;
import dev.podwork.protocol.relay.Frame;
import dev.podwork.protocol.relay.FrameReader;
import dev.podwork.protocol.relay.FrameWriter;
import dev.podwork.protocol.relay.ProtocolException;
import dev.podwork.protocol.relay.RefusalCode;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a relay, from its first byte. Confined to the event loop. */
final class Connection implements Peer {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final int PROTOCOL = 1;

    private final NetSocket socket;
    private final Door door;
    private final SessionMetrics metrics;
    private final LineSplitter lines = new LineSplitter(Limits.HELLO_BYTES, this::line);
    private Phase phase = Phase.STRANGER;
    private boolean secure;
    private @Nullable PodIdentity pod;
    private @Nullable Session session;
    private @Nullable Runnable onWritable;
    private @Nullable Buffer unsent;

    private enum Phase {
        /** Has not said who it is. */
        STRANGER,
        /** Has, and is being checked. */
        CHECKING,
        /** Was let in; its shim has not spoken. */
        WELCOME,
        ATTACHED,
        CLOSED
    }

    Connection(NetSocket socket, Door door, SessionMetrics metrics) {
        this.socket = socket;
        this.door = door;
        this.metrics = metrics;
        socket.handler(this::read);
        socket.closeHandler(nothing -> closed());
        socket.exceptionHandler(e -> {
            log.debug("connection of {} failed: {}", pod, e.toString());
            close();
        });
    }

    /** Encrypts the connection before anything is said. */
    void secure() {
        socket.upgradeToSsl()
                .onSuccess(nothing -> secure = true)
                .onFailure(e -> refuse(RefusalCode.BAD_HELLO, "no TLS"));
    }

    /** The client had its time, or its place is needed. */
    void hurry(RefusalCode code) {
        if (phase == Phase.STRANGER || phase == Phase.CHECKING) {
            refuse(code, code == RefusalCode.OVERLOADED ? "too many connections; try again" : "no hello in time");
        }
    }

    private void read(Buffer chunk) {
        // Closing takes a moment, and what arrives in it is nobody's.
        if (phase == Phase.CLOSED) {
            return;
        }
        metrics.received(chunk.length());
        try {
            lines.feed(chunk.getBytes());
            Session current = session;
            if (current != null && phase == Phase.ATTACHED) {
                current.weigh();
            }
        } catch (LineSplitter.LineTooLongException e) {
            broken(String.valueOf(e.getMessage()));
        }
    }

    private void line(byte[] line) {
        try {
            switch (phase) {
                case STRANGER -> hello(FrameReader.read(line));
                case CHECKING -> throw new ProtocolException("nothing may follow hello before its answer");
                case WELCOME -> attach(FrameReader.read(line));
                case ATTACHED -> receive(line);
                case CLOSED -> {}
            }
        } catch (ProtocolException e) {
            broken(String.valueOf(e.getMessage()));
        }
    }

    private void receive(byte[] line) throws ProtocolException {
        Session current = session;
        if (current != null) {
            current.receive(FrameReader.read(line), line.length);
        }
    }

    private void hello(Frame frame) throws ProtocolException {
        if (!(frame instanceof Frame.Hello hello)) {
            throw new ProtocolException("the first line must be hello");
        }
        if (hello.protocol() != PROTOCOL) {
            throw new ProtocolException("protocol must be " + PROTOCOL);
        }
        phase = Phase.CHECKING;
        door.check(hello).whenComplete((known, failure) -> door.onEventLoop(() -> checked(known, failure)));
    }

    private void checked(@Nullable PodIdentity known, @Nullable Throwable failure) {
        if (phase != Phase.CHECKING) {
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TokenException refusal) {
            refuse(refusal.code(), String.valueOf(refusal.getMessage()));
        } else if (known == null) {
            log.error("a token could not be checked", cause);
            refuse(RefusalCode.OVERLOADED, "the token could not be checked; try again");
        } else if (!door.isKnown(known)) {
            refuse(RefusalCode.UNKNOWN_POD, "no job runs in a pod of this name and UID");
        } else {
            pod = known;
            phase = Phase.WELCOME;
            lines.limit(Limits.ENVELOPE_BYTES);
            door.welcomed(this, known);
            write(Buffer.buffer(FrameWriter.write(new Frame.Welcome())));
        }
    }

    private void attach(Frame frame) throws ProtocolException {
        PodIdentity known = pod;
        if (!(frame instanceof Frame.Attach attach) || known == null) {
            throw new ProtocolException("the shim's first line must be attach");
        }
        Session found = door.session(known, attach);
        if (found == null) {
            close();
            return;
        }
        phase = Phase.ATTACHED;
        lines.limit(Limits.MESSAGE_BYTES + Limits.ENVELOPE_BYTES);
        session = found;
        found.attach(this, attach);
    }

    private void refuse(RefusalCode code, String message) {
        if (phase == Phase.CLOSED) {
            return;
        }
        metrics.refused(code);
        log.info("refused a connection from {}: {}: {}", socket.remoteAddress(), code.wire(), message);
        phase = Phase.CLOSED;
        if (secure) {
            write(Buffer.buffer(FrameWriter.write(new Frame.Refused(code.wire(), message))));
            flush();
            socket.close();
        } else {
            abort();
        }
        door.left(this, pod, session);
    }

    /** Closing as usual waits for TLS to say good-bye, which it has not even begun. */
    private void abort() {
        ChannelHandlerContext ssl =
                ((NetSocketInternal) socket).channelHandlerContext().pipeline().context("ssl");
        if (ssl == null) {
            socket.close();
        } else {
            ChannelFuture unused = ssl.close();
        }
    }

    private void broken(String message) {
        if (phase == Phase.STRANGER || phase == Phase.CHECKING) {
            refuse(RefusalCode.BAD_HELLO, message);
            return;
        }
        metrics.brokenConnection();
        log.warn("{}: {}", pod, message);
        close();
    }

    private void closed() {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            door.left(this, pod, session);
        }
    }

    /** What one turn of the event loop has to say goes out as one: each write wakes the relay, and the shim behind it. */
    @Override
    public void write(Buffer line) {
        metrics.sent(line.length());
        if (unsent == null) {
            unsent = Buffer.buffer();
            door.afterThisTurn(this::flush);
        }
        unsent.appendBuffer(line);
    }

    private void flush() {
        Buffer lines = unsent;
        unsent = null;
        if (lines != null) {
            socket.write(lines);
        }
    }

    @Override
    public void whenWritable(Runnable action) {
        if (socket.writeQueueFull()) {
            onWritable = action;
            socket.drainHandler(nothing -> {
                Runnable waiting = onWritable;
                onWritable = null;
                if (waiting != null && phase == Phase.ATTACHED) {
                    waiting.run();
                }
            });
        } else {
            action.run();
        }
    }

    @Override
    public int unfinishedBytes() {
        return lines.size();
    }

    @Override
    public void pause() {
        socket.pause();
    }

    @Override
    public void resume() {
        socket.resume();
    }

    @Override
    public void close() {
        closed();
        flush();
        socket.close();
    }
}
