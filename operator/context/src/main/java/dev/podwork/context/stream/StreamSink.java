package dev.podwork.context.stream;

import dev.podwork.core.attempt.AttemptKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Whoever shows results in parts while their jobs run. */
@FunctionalInterface
public interface StreamSink {

    /** Shows them to nobody: the result, when it comes, has them all. */
    StreamSink NONE = (attempt, part) -> CompletableFuture.completedFuture(null);

    /**
     * Takes a part. Those of an attempt come in order, each once, and the next when this one's stage has completed: who is slow makes
     * the worker wait. Called on the server's event loop: must not block.
     */
    CompletionStage<Void> take(AttemptKey attempt, StreamPart part);
}
