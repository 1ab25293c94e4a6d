package dev.podwork.context.stream;

import dev.podwork.core.attempt.AttemptKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt's parts on their way to the sink. Outlives sessions, so that what comes again with a new one is known. Confined to the
 * event loop.
 */
public final class StreamBuffer {
    private static final Logger log = LoggerFactory.getLogger(StreamBuffer.class);
    /** Characters that may wait, one part that exceeds it aside. */
    static final int LIMIT = 1024 * 1024;

    private static final CompletionStage<Void> ROOM = CompletableFuture.completedFuture(null);

    private final AttemptKey attempt;
    private final StreamSink sink;
    private final Executor eventLoop;
    private final Deque<StreamPart> waiting = new ArrayDeque<>();
    private long size;
    private long last;
    private boolean taking;
    private @Nullable CompletableFuture<Void> room;

    public StreamBuffer(AttemptKey attempt, StreamSink sink, Executor eventLoop) {
        this.attempt = attempt;
        this.sink = sink;
        this.eventLoop = eventLoop;
    }

    /** Takes a part that has not been here; completes when there is room for another. */
    public CompletionStage<Void> add(StreamPart part) {
        if (part.sequence() > last) {
            last = part.sequence();
            waiting.add(part);
            size += part.size();
            drain();
        }
        if (size <= LIMIT) {
            return ROOM;
        }
        if (room == null) {
            room = new CompletableFuture<>();
        }
        return room;
    }

    /** How much waits. */
    public long size() {
        return size;
    }

    private void drain() {
        for (StreamPart next = waiting.peek(); next != null && !taking; next = waiting.peek()) {
            CompletionStage<Void> taken = take(next);
            if (taken.toCompletableFuture().isDone()) {
                taken(next);
            } else {
                taking = true;
                StreamPart slow = next;
                taken.thenRunAsync(
                        () -> {
                            taking = false;
                            taken(slow);
                            drain();
                        },
                        eventLoop);
            }
        }
    }

    private void taken(StreamPart part) {
        waiting.remove();
        size -= part.size();
        CompletableFuture<Void> awaited = room;
        if (size <= LIMIT && awaited != null) {
            room = null;
            awaited.complete(null);
        }
    }

    /** Never fails: what a sink does wrong is not the worker's fault. */
    private CompletionStage<Void> take(StreamPart part) {
        CompletionStage<Void> taken;
        try {
            taken = sink.take(attempt, part);
        } catch (RuntimeException e) {
            taken = CompletableFuture.failedFuture(e);
        }
        return taken.exceptionally(e -> {
            log.error("{}: part {} was not shown", attempt, part.sequence(), e);
            return null;
        });
    }
}
