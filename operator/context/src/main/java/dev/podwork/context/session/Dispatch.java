package dev.podwork.context.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.context.state.StateException;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.jsonrpc.Content;
import dev.podwork.protocol.jsonrpc.ErrorCode;
import dev.podwork.protocol.jsonrpc.Line;
import dev.podwork.protocol.jsonrpc.LineReader;
import dev.podwork.protocol.jsonrpc.Messages;
import dev.podwork.protocol.relay.Frame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a worker says, has it done, and words the answer. */
final class Dispatch {
    private static final Logger log = LoggerFactory.getLogger(Dispatch.class);
    private static final CompletionStage<Optional<String>> NO_ANSWER =
            CompletableFuture.completedFuture(Optional.empty());

    private final Conversation conversation;
    private final SessionMetrics metrics;

    Dispatch(Conversation conversation, SessionMetrics metrics) {
        this.conversation = conversation;
        this.metrics = metrics;
    }

    /** Completes, never with a failure, when it is done, with the message that answers it if one is due. */
    CompletionStage<Optional<String>> handle(Frame.Sequenced frame) {
        if (frame instanceof Frame.Msg msg) {
            return handle(msg.seq(), LineReader.read(msg.json()), msg.json());
        }
        if (frame instanceof Frame.Oversize oversize) {
            return Answers.looksLikeAnswer(oversize.head())
                    ? answer(oversize.seq(), Answers.tooLarge(oversize.bytes()))
                    : refuse(
                            NullNode.getInstance(),
                            ErrorCode.PARSE_ERROR,
                            "a message of " + oversize.bytes() + " bytes was dropped; the limit is "
                                    + Limits.MESSAGE_BYTES);
        }
        if (frame instanceof Frame.Telemetry telemetry && !conversation.measured(telemetry.json())) {
            metrics.ignoredTelemetry();
        }
        if (frame instanceof Frame.Exited exited) {
            conversation.exited(exited.seq(), Answers.exit(exited.exit()));
        }
        return NO_ANSWER;
    }

    private CompletionStage<Optional<String>> handle(long seq, Line line, String json) {
        if (line instanceof Line.Request request) {
            return call(seq, request.method(), request.params(), request.id(), json);
        }
        if (line instanceof Line.Notification notification) {
            return call(seq, notification.method(), notification.params(), null, json);
        }
        if (line instanceof Line.Result result) {
            return answersExecute(result.id()) ? answer(seq, Answers.result(result.value())) : ignore();
        }
        if (line instanceof Line.ErrorAnswer error) {
            return answersExecute(error.id()) ? answer(seq, Answers.error(error.error())) : ignore();
        }
        if (line instanceof Line.Invalid invalid) {
            return refuse(invalid.id(), ErrorCode.INVALID_REQUEST, invalid.message());
        }
        if (line instanceof Line.Broken broken) {
            return Answers.looksLikeAnswer(json)
                    ? answer(seq, Answers.notSerializable(broken.message()))
                    : refuse(NullNode.getInstance(), ErrorCode.PARSE_ERROR, broken.message());
        }
        return ignore();
    }

    private static boolean answersExecute(JsonNode id) {
        return id.isNumber() && id.doubleValue() == Conversation.EXECUTE_ID;
    }

    private CompletionStage<Optional<String>> call(
            long seq, String method, Content params, @Nullable JsonNode callId, String message) {
        metrics.called(method);
        CompletionStage<JsonNode> served = conversation.call(seq, method, params, message);
        return served.handle((result, failure) -> callId == null
                ? Optional.empty()
                : Optional.of(failure == null ? Messages.result(callId, result) : error(callId, refusal(failure))));
    }

    private static String error(JsonNode callId, CallException refusal) {
        return Messages.error(callId, refusal.code(), String.valueOf(refusal.getMessage()), refusal.data());
    }

    private static CallException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof CallException refusal) {
            return refusal;
        }
        if (cause instanceof StateException refusal) {
            String message = String.valueOf(refusal.getMessage());
            return refusal.kind() == StateException.Kind.LIMIT
                    ? CallException.limit(message)
                    : CallException.failed(message, refusal.kind() == StateException.Kind.UNAVAILABLE);
        }
        log.error("a call failed without a reason of its own", cause);
        return CallException.failed("internal error: " + cause.getClass().getSimpleName(), true);
    }

    private CompletionStage<Optional<String>> answer(long seq, Outcome outcome) {
        return conversation.answered(seq, outcome) ? NO_ANSWER : ignore();
    }

    private CompletionStage<Optional<String>> ignore() {
        metrics.ignoredReply();
        return NO_ANSWER;
    }

    private static CompletionStage<Optional<String>> refuse(JsonNode callId, int code, String message) {
        return CompletableFuture.completedFuture(Optional.of(Messages.error(callId, code, message, null)));
    }
}
