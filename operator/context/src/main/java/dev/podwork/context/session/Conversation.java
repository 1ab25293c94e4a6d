package dev.podwork.context.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Progress;
import dev.podwork.api.job.Telemetry;
import dev.podwork.context.state.State;
import dev.podwork.context.stream.StreamBuffer;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.Text;
import dev.podwork.protocol.jsonrpc.Content;
import dev.podwork.protocol.jsonrpc.Messages;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one attempt's worker has said so far, and what its calls do. Knows nothing of connections. */
final class Conversation {
    /** The id of the only request that a worker gets. */
    static final long EXECUTE_ID = 1;

    static final Set<String> METHODS = Set.of(
            "ctx.state.get",
            "ctx.state.set",
            "ctx.state.delete",
            "ctx.logger.log",
            "ctx.progress",
            "ctx.emit",
            "ctx.flow.emit",
            "ctx.stream");

    private static final Set<String> LEVELS = Set.of("debug", "info", "warn", "error");
    private static final int PROGRESS_MESSAGE_LENGTH = 1024;

    private final AttemptKey key;
    private final StateCalls state;
    private final StreamCalls stream;
    private final Emits emits;
    private final Consumer<AttemptReport> reports;
    private final Clock clock;
    private @Nullable Instant startedAt;
    private @Nullable Progress progress;
    private @Nullable Telemetry telemetry;
    /** The worker's error, while its exit is awaited. */
    private Outcome.@Nullable Failure error;

    private @Nullable Outcome outcome;
    private boolean over;
    private long sequence;
    private long lastToRecord;

    Conversation(Attempt attempt, State state, StreamBuffer parts, Consumer<AttemptReport> reports, Clock clock) {
        this.key = attempt.key();
        this.state = new StateCalls(state);
        this.stream = new StreamCalls(parts);
        this.reports = reports;
        this.clock = clock;
        AttemptStatus recorded = attempt.recorded();
        this.startedAt = recorded == null ? null : recorded.startedAt();
        this.emits = new Emits(recorded == null ? List.of() : recorded.emits());
        Long acknowledged = recorded == null ? null : recorded.acknowledged();
        this.sequence = acknowledged == null ? 0 : acknowledged;
    }

    /** The worker is being given the job. */
    void started() {
        if (startedAt == null) {
            startedAt = clock.instant();
            report();
        }
    }

    /** The attempt has ended for everybody: whatever the worker says now is too late. One that is still at work is told this. */
    Optional<String> end(AttemptEnd end) {
        boolean working = isOpen() && !end.isSuccess();
        over = true;
        return working
                ? Optional.of(Messages.notification(
                        "cancel",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("reason", end.reason())
                                .put("message", end.message())))
                : Optional.empty();
    }

    /** Whether the worker's answer is still waited for. */
    boolean isOpen() {
        return !over && outcome == null && error == null;
    }

    /** Whether an error waits for the exit that should follow. */
    boolean awaitsExit() {
        return error != null;
    }

    /** Number of the last message whose effect must be recorded before the shim may forget it. */
    long lastToRecord() {
        return lastToRecord;
    }

    /**
     * Serves a call; what is wrong with it fails the stage.
     *
     * @param message all of it, which is valid JSON
     */
    CompletionStage<JsonNode> call(long seq, String method, Content content, String message) {
        try {
            if (!METHODS.contains(method)) {
                throw CallException.noSuchMethod(method);
            }
            if (!isOpen()) {
                throw CallException.over();
            }
            if (method.equals("ctx.stream")) {
                return stream.part(seq, message);
            }
            Params params = Params.of(content);
            return switch (method) {
                case "ctx.state.get" -> state.get(params);
                case "ctx.state.set" -> state.set(params);
                case "ctx.state.delete" -> state.delete(params);
                case "ctx.logger.log" -> log(params);
                case "ctx.progress" -> progress(seq, params);
                case "ctx.emit" -> emitted(seq, emits.emit(seq, params));
                default -> emitted(seq, emits.flowEmit(seq, params));
            };
        } catch (CallException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Checked here, and shown by the shim: a worker's log is its container's. */
    private static CompletionStage<JsonNode> log(Params params) {
        if (!LEVELS.contains(params.text("level"))) {
            throw CallException.parameter("level", "debug, info, warn or error");
        }
        params.text("message");
        params.optionalObject("metadata");
        return CompletableFuture.completedFuture(NullNode.getInstance());
    }

    private CompletionStage<JsonNode> progress(long seq, Params params) {
        progress = new Progress(
                params.number("progress", 0, 100),
                params.optionalText("message")
                        .map(text -> Text.shorten(text, PROGRESS_MESSAGE_LENGTH))
                        .orElse(null));
        sequence = Math.max(sequence, seq);
        report();
        return CompletableFuture.completedFuture(NullNode.getInstance());
    }

    private CompletionStage<JsonNode> emitted(long seq, boolean fresh) {
        if (fresh) {
            changed(seq);
        }
        return CompletableFuture.completedFuture(JsonNodeFactory.instance.arrayNode());
    }

    /** The worker's answer, and an error gives its exit some time to be told along; the first counts. */
    boolean answered(long seq, Outcome answer) {
        if (!isOpen()) {
            return false;
        }
        if (answer instanceof Outcome.Failure failure) {
            error = failure;
            lastToRecord = seq;
            sequence = Math.max(sequence, seq);
        } else {
            outcome = answer;
            changed(seq);
        }
        return true;
    }

    /** The worker's process has ended. */
    void exited(long seq, Exit exit) {
        if (over || outcome != null) {
            return;
        }
        Outcome.Failure failure = error;
        error = null;
        outcome = failure == null
                ? new Outcome.Exited(exit)
                : new Outcome.Failure(failure.reason(), failure.error(), exit);
        changed(seq);
    }

    /** The exit that an error waited for did not come in time. */
    void exitIsLate() {
        Outcome.Failure failure = error;
        if (failure != null && !over) {
            error = null;
            outcome = failure;
            report();
        }
    }

    /** What the worker uses, for whoever tells of the attempt next; false when that can't be. */
    boolean measured(String json) {
        Optional<Telemetry> latest = Measurement.of(key.number(), json, clock.instant());
        if (latest.isPresent() && !over && outcome == null) {
            telemetry = latest.get();
            report();
        }
        return latest.isPresent();
    }

    private void changed(long seq) {
        lastToRecord = seq;
        sequence = Math.max(sequence, seq);
        report();
    }

    private void report() {
        reports.accept(new AttemptReport(key, startedAt, progress, emits.all(), sequence, outcome, telemetry));
    }
}
