package dev.podwork.protocol;

/** How much of anything there may be. */
public final class Limits {
    /** A worker's message. */
    public static final int MESSAGE_BYTES = 16 * 1024 * 1024;
    /** What the relay protocol puts around a message. */
    public static final int ENVELOPE_BYTES = 64 * 1024;
    /** The first line of a connection, with the token. */
    public static final int HELLO_BYTES = 16 * 1024;
    /** What a shim sends without acknowledgement, one message that exceeds it aside. */
    public static final int WINDOW_BYTES = 4 * 1024 * 1024;
    /** How deep arrays and objects of a message may be nested, the message itself being level 1. */
    public static final int NESTING = 512;
    /** How far into a line it must have shown that it is a message. */
    public static final int HEAD_BYTES = 256;
    /** Digits of a number. */
    public static final int NUMBER_LENGTH = 1000;
    /** A message longer than this is never held as a tree, which may take thirty times its size. */
    public static final int TREE_BYTES = 1024 * 1024;

    public static final int RESULT_BYTES = 256 * 1024;
    public static final int STATE_VALUE_BYTES = 256 * 1024;
    public static final int STATE_SCOPE_BYTES = 900 * 1024;
    /** What a worker says of itself in telemetry. */
    public static final int STATS_BYTES = 16 * 1024;
    /** All emits of an attempt. */
    public static final int EMITS_BYTES = 256 * 1024;
    /** Keys of state, names of emits. */
    public static final int NAME_LENGTH = 253;

    private Limits() {}
}
