package dev.podwork.protocol.relay;

/** One line between relay, shim and context server. */
public sealed interface Frame {

    /** A frame that is numbered, kept until it is acknowledged, and sent again after a break. */
    sealed interface Sequenced extends Frame {
        /** From 1 in each direction. */
        long seq();
    }

    /** A relay says whose it is. */
    record Hello(int protocol, String token, String version) implements Frame {
        @Override
        public String toString() {
            return "Hello[protocol=" + protocol + ", version=" + version + "]";
        }
    }

    record Welcome() implements Frame {}

    record Refused(String code, String message) implements Frame {}

    /**
     * A shim begins, or goes on.
     *
     * @param session the last that it has seen, empty for none
     * @param received the highest number that it has received
     */
    record Attach(String session, long received) implements Frame {}

    /** The server's answer: its session, and the highest number that it has received. */
    record Attached(String session, long received) implements Frame {}

    /** A JSON-RPC message, as it was written. */
    record Msg(long seq, String json) implements Sequenced {}

    /**
     * A message over the limit was dropped.
     *
     * @param head its beginning
     */
    record Oversize(long seq, long bytes, String head) implements Sequenced {}

    /**
     * What the worker and all that it started use, as the shim measures it. No word of the worker's: it is not a sign of life.
     *
     * @param json an object, as it was written
     */
    record Telemetry(long seq, String json) implements Sequenced {}

    /** Something that a later version of the protocol has: it is acknowledged, and nothing else. */
    record Unknown(long seq) implements Sequenced {}

    /** The worker's process has ended. */
    record Exited(long seq, ExitReport exit) implements Sequenced {}

    /**
     * The attempt is over: no more input for the worker, and then it must go.
     *
     * @param graceMs how long it may take to end by itself, before SIGTERM
     * @param killMs how long it may take after SIGTERM, before SIGKILL
     */
    record End(long seq, long graceMs, long killMs) implements Sequenced {}

    /** The worker must stop now. */
    record Stop(long seq, long graceMs) implements Sequenced {}

    /** Everything up to this number is safe. */
    record Ack(long seq) implements Frame {}
}
