package dev.podwork.context.session;

import dev.podwork.protocol.relay.Frame;
import dev.podwork.protocol.relay.FrameWriter;
import dev.podwork.protocol.relay.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/** What goes to the shim: numbered, and kept until acknowledged. */
final class Outbox {
    /** What a kept line costs beside its bytes. */
    private static final int OVERHEAD = 128;

    private final Deque<Kept> kept = new ArrayDeque<>();
    private long last;
    private long acknowledged;
    private long bytes;

    private record Kept(long seq, Buffer line) {}

    Buffer add(LongFunction<Frame> frame) {
        last++;
        Buffer line = Buffer.buffer(FrameWriter.write(frame.apply(last)));
        kept.add(new Kept(last, line));
        bytes += line.length() + OVERHEAD;
        return line;
    }

    void acknowledge(long seq) throws ProtocolException {
        if (seq > last) {
            throw new ProtocolException("ack " + seq + " is for a frame that was never sent; the last was " + last);
        }
        acknowledged = Math.max(acknowledged, seq);
        for (Kept first = kept.peek(); first != null && first.seq <= acknowledged; first = kept.peek()) {
            bytes -= first.line.length() + OVERHEAD;
            kept.remove();
        }
    }

    /** Lines to send again to a shim that has received everything up to a number. */
    List<Buffer> above(long received) throws ProtocolException {
        if (received > last) {
            throw new ProtocolException("received " + received + " was never sent; the last was " + last);
        }
        return kept.stream().filter(line -> line.seq > received).map(Kept::line).toList();
    }

    long last() {
        return last;
    }

    long acknowledged() {
        return acknowledged;
    }

    long bytes() {
        return bytes;
    }
}
