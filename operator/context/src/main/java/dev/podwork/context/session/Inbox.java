package dev.podwork.context.session;

import dev.podwork.protocol.relay.ProtocolException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What comes from the shim: which numbers are here, and up to which of them the shim may forget. It may forget a message once this
 * server could lose all of its memory without harm: what the message did is recorded, and its answer has reached the shim.
 */
final class Inbox {
    private final Deque<Condition> open = new ArrayDeque<>();
    private long received;
    private long processed;
    private boolean unconditional;

    /** Until when a message must be kept: an answer's number (0 for none), and whether its effect must be recorded. */
    private record Condition(long seq, long answer, boolean record) {}

    /** Whether the message is new. */
    boolean accept(long seq) throws ProtocolException {
        if (seq <= received) {
            return false;
        }
        // A shim that comes from another server begins with what it still keeps.
        if (received > 0 && seq > received + 1) {
            throw new ProtocolException("gap: " + seq + " came after " + received);
        }
        received = seq;
        return true;
    }

    void processed(long seq, long answer, boolean record) {
        processed = seq;
        if (!unconditional && (answer > 0 || record)) {
            open.add(new Condition(seq, answer, record));
        }
    }

    /** What may be forgotten now. */
    void settle(long answersReceived, long recorded) {
        for (Condition first = open.peek(); first != null; first = open.peek()) {
            if (first.answer > answersReceived || (first.record && first.seq > recorded)) {
                return;
            }
            open.remove();
        }
    }

    /** From now on everything may be forgotten. */
    void settleAll() {
        unconditional = true;
        open.clear();
    }

    /** Up to which number the shim may forget. */
    long safe() {
        Condition first = open.peek();
        return first == null ? processed : first.seq - 1;
    }

    long received() {
        return received;
    }
}
