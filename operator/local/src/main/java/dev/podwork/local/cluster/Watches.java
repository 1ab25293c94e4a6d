package dev.podwork.local.cluster;

import io.fabric8.kubernetes.client.Watcher.Action;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who watches what. The mock's own watches each have a thread, for which the event loop waits when the watch closes, while that
 * thread may be waiting for the event loop; these need none.
 */
final class Watches {
    private final Set<Watch> watches = new CopyOnWriteArraySet<>();

    /** @param onOpen sends what is there already */
    WebSocketListener add(AttributeSet query, Consumer<Watch> onOpen) {
        Watch watch = new Watch(query, onOpen);
        watches.add(watch);
        return watch;
    }

    /** Tells the watches of a change; attributes and JSON are null where there was, or is, no object. */
    void changed(
            @Nullable AttributeSet before,
            @Nullable String beforeJson,
            @Nullable AttributeSet after,
            @Nullable String afterJson) {
        for (Watch watch : watches) {
            boolean was = before != null && before.matches(watch.query);
            boolean is = after != null && after.matches(watch.query);
            if (is && afterJson != null) {
                watch.send(was ? Action.MODIFIED : Action.ADDED, afterJson);
            } else if (was && beforeJson != null) {
                watch.send(Action.DELETED, beforeJson);
            }
        }
    }

    final class Watch extends WebSocketListener {
        private final AttributeSet query;
        private final Consumer<Watch> onOpen;
        private @Nullable WebSocket socket;

        private Watch(AttributeSet query, Consumer<Watch> onOpen) {
            this.query = query;
            this.onOpen = onOpen;
        }

        boolean matches(AttributeSet attributes) {
            return attributes.matches(query);
        }

        void send(Action action, String json) {
            if (socket != null) {
                socket.send("{\"type\":\"" + action + "\",\"object\":" + json + "}");
            }
        }

        @Override
        public void onOpen(WebSocket webSocket, Response response) {
            socket = webSocket;
            onOpen.accept(this);
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            watches.remove(this);
            webSocket.close(code, reason);
        }

        @Override
        public void onClosed(WebSocket webSocket, int code, String reason) {
            watches.remove(this);
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable error, Response response) {
            watches.remove(this);
        }
    }
}
