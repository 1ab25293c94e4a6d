package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.JobError;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.relay.ExitReport;
import dev.podwork.protocol.relay.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The server hears what shims say of their workers, as the shared vectors have it, and makes of it what they say. */
class ExchangesTest {
    private static final Path FOLDER = Path.of("../../worker-images/conformance/exchanges");

    @TestFactory
    Stream<DynamicTest> exchanges() {
        return Stream.of("jsonrpc", "task", "http", "messages").flatMap(protocol -> {
            JsonNode exchanges = read(protocol).path("exchanges");
            assertThat(exchanges).isNotEmpty();
            return StreamSupport.stream(exchanges.spliterator(), false)
                    .map(exchange -> DynamicTest.dynamicTest(
                            protocol + ": " + exchange.path("name").textValue(), () -> check(exchange)));
        });
    }

    private static JsonNode read(String protocol) {
        try {
            return Json.mapper().readTree(FOLDER.resolve(protocol + ".json").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void check(JsonNode exchange) {
        try (ContextServerFixture fixture = new ContextServerFixture()) {
            fixture.attempts.add("a");
            try (TestRelay relay = fixture.enter("a")) {
                relay.attach("", 0);
                relay.message(1);
                relay.send(new Frame.Ack(1));
                speak(relay, exchange);
                assertOutcome(outcome(fixture), exchange.path("outcome"));
            }
        }
    }

    private static void speak(TestRelay relay, JsonNode exchange) {
        long sent = 0;
        long received = 1;
        for (JsonNode heard : exchange.path("messages")) {
            sent++;
            if (heard.has("oversize")) {
                relay.send(new Frame.Oversize(
                        sent,
                        heard.at("/oversize/bytes").longValue(),
                        "{\"jsonrpc\":\"2.0\",\"id\":1,"
                                + concrete(heard.at("/oversize/head")).textValue() + ":\"xxx"));
            } else {
                ObjectNode message = concrete(heard.path("message")).deepCopy();
                relay.message(sent, message.put("jsonrpc", "2.0").toString());
            }
            if (heard.has("answer")) {
                JsonNode answer = relay.message(++received);
                relay.send(new Frame.Ack(received));
                assertMatches(heard.path("answer"), answer, "answer to message " + sent);
            }
        }
        JsonNode exit = exchange.path("exit");
        relay.send(new Frame.Exited(
                sent + 1,
                new ExitReport(exit.path("code").intValue(), exit.path("signal").asText(""), false, "", List.of())));
    }

    /** A message that matches the pattern. */
    private static JsonNode concrete(JsonNode pattern) {
        if (pattern.has("$contains")) {
            return JsonNodeFactory.instance.textNode(
                    StreamSupport.stream(pattern.path("$contains").spliterator(), false)
                            .map(JsonNode::textValue)
                            .reduce((a, b) -> a + " … " + b)
                            .orElse(""));
        }
        if (pattern.has("$string")) {
            return JsonNodeFactory.instance.textNode("text");
        }
        if (pattern.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            pattern.properties().forEach(member -> {
                JsonNode value = member.getValue();
                if (!value.has("$absent") && !value.has("$nothing")) {
                    object.set(member.getKey(), concrete(value));
                }
            });
            return object;
        }
        return pattern;
    }

    private static void assertMatches(JsonNode pattern, JsonNode value, String where) {
        if (pattern.has("$contains")) {
            pattern.path("$contains")
                    .forEach(part -> assertThat(value.asText()).as(where).containsIgnoringCase(part.textValue()));
        } else if (pattern.has("$string")) {
            assertThat(value.asText()).as(where).isNotEmpty();
        } else if (pattern.isObject()) {
            pattern.properties()
                    .forEach(member -> assertMatches(
                            member.getValue(), value.path(member.getKey()), where + "." + member.getKey()));
        } else {
            assertThat(value).as(where).isEqualTo(pattern);
        }
    }

    private static Outcome outcome(ContextServerFixture fixture) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(fixture.attempts.reports)
                        .extracting(AttemptReport::outcome)
                        .anyMatch(Objects::nonNull));
        return Objects.requireNonNull(fixture.attempts.last("a").outcome());
    }

    private static void assertOutcome(Outcome outcome, JsonNode expected) {
        assertThat(expected.size()).as("one of result, failure and exited").isEqualTo(1);
        if (expected.has("result")) {
            assertThat(outcome).isInstanceOf(Outcome.Result.class);
            assertThat(((Outcome.Result) outcome).value()).isEqualTo(expected.path("result"));
        } else if (expected.has("failure")) {
            assertThat(outcome).isInstanceOf(Outcome.Failure.class);
            assertFailure((Outcome.Failure) outcome, expected.path("failure"));
        } else {
            assertThat(outcome).isInstanceOf(Outcome.Exited.class);
            Outcome.Exited exited = (Outcome.Exited) outcome;
            assertThat(exited.exit().code())
                    .isEqualTo(expected.at("/exited/code").intValue());
            assertThat(exited.exit().signal())
                    .isEqualTo(expected.at("/exited/signal").textValue());
        }
    }

    private static void assertFailure(Outcome.Failure failure, JsonNode expected) {
        JobError error = failure.error();
        ObjectNode actual = JsonNodeFactory.instance
                .objectNode()
                .put("reason", failure.reason())
                .put("type", error.type())
                .put("message", error.message())
                .put("stack", error.stack())
                .put("retriable", error.retriable());
        actual.set("code", error.code());
        expected.properties()
                .forEach(member -> assertThat(actual.path(member.getKey()))
                        .as(member.getKey())
                        .isEqualTo(member.getValue()));
    }
}
