package dev.podwork.protocol.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * A value that a worker sent. One of a message over {@link dev.podwork.protocol.Limits#TREE_BYTES} is not kept: no service takes
 * as much.
 *
 * @param tree a missing node when it was not sent, or not kept
 * @param length characters of its JSON text, as it was written; 0 when it was not sent
 */
public record Content(JsonNode tree, long length) {
    public static final Content ABSENT = new Content(MissingNode.getInstance(), 0);

    public static Content dropped(long length) {
        return new Content(MissingNode.getInstance(), length);
    }

    /** Sent, but too long to be kept. */
    public boolean isDropped() {
        return length > 0 && tree.isMissingNode();
    }
}
