package dev.podwork.context.session;

import io.vertx.core.buffer.Buffer;

/** The connection that a session has at the moment. Called on the event loop only. */
public interface Peer {

    void write(Buffer line);

    /** Calls once there is room for more to write: at once, or when the other side has read. */
    void whenWritable(Runnable action);

    /** Size of a line of which the end has not come yet. */
    int unfinishedBytes();

    void pause();

    void resume();

    void close();
}
