package dev.podwork.context.session;

import dev.podwork.protocol.relay.RefusalCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What is counted. Tag values come from fixed sets, never from a worker. */
public final class SessionMetrics {
    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final Map<RefusalCode, Counter> refusals = new HashMap<>();
    private final Map<String, Counter> messages = new HashMap<>();
    private final Counter ignoredReplies;
    private final Counter ignoredTelemetry;
    private final Counter broken;
    private final Counter dropped;
    private final Counter bytesReceived;
    private final Counter bytesSent;

    public SessionMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (RefusalCode code : RefusalCode.values()) {
            refusals.put(code, counter("podwork.context.refused", "Connections refused", "code", code.wire()));
        }
        for (String method : Conversation.METHODS) {
            messages.put(method, counter("podwork.context.calls", "Calls of workers", "method", method));
        }
        messages.put(OTHER, counter("podwork.context.calls", "Calls of workers", "method", OTHER));
        ignoredReplies = counter("podwork.context.replies.ignored", "Replies to nothing, and answers after the first");
        ignoredTelemetry = counter("podwork.context.telemetry.ignored", "Measurements with figures that can't be");
        broken = counter("podwork.context.connections.broken", "Connections ended for speaking another protocol");
        dropped = counter("podwork.context.sessions.dropped", "Sessions dropped for want of memory");
        bytesReceived = counter("podwork.context.bytes", "Bytes of relays' connections", "direction", "in");
        bytesSent = counter("podwork.context.bytes", "Bytes of relays' connections", "direction", "out");
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    /** Shows the number of sessions as it is at the time, until the returned is run. */
    public Runnable sessions(Supplier<Number> count) {
        // Strong, since nobody else holds on to it.
        Gauge gauge = Gauge.builder("podwork.context.sessions", count)
                .description("Workers that a session is open for")
                .strongReference(true)
                .register(registry);
        return () -> registry.remove(gauge);
    }

    public void refused(RefusalCode code) {
        count(refusals, code);
    }

    public void brokenConnection() {
        broken.increment();
    }

    public void droppedSession() {
        dropped.increment();
    }

    public void received(int bytes) {
        bytesReceived.increment(bytes);
    }

    public void sent(int bytes) {
        bytesSent.increment(bytes);
    }

    void called(String method) {
        count(messages, messages.containsKey(method) ? method : OTHER);
    }

    void ignoredReply() {
        ignoredReplies.increment();
    }

    void ignoredTelemetry() {
        ignoredTelemetry.increment();
    }

    private static <K> void count(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter != null) {
            counter.increment();
        }
    }
}
