package dev.podwork.local.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.podwork.api.attempt.GoDuration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the CRDs say in CEL, which only an API server evaluates, of values whose mistakes would go unnoticed: a limit that is no
 * duration is no limit.
 */
final class ValueRules {
    private static final List<String> WHICH_FAILURES = List.of("exitCodes", "classes", "errorTypes", "messagePattern");

    private final Map<String, String> problems = new LinkedHashMap<>();

    private ValueRules() {}

    /** By the JSON pointer of what is wrong: what is, and what to do about it. */
    static Map<String, String> problems(JsonNode content) {
        ValueRules rules = new ValueRules();
        rules.timeouts(content.at("/spec/timeouts"));
        rules.backoff(content.at("/spec/retry/backoff"));
        rules.rules(content.at("/spec/retry/rules"));
        if (content.path("kind").asText().equals("Job")) {
            rules.worker(content.path("spec"));
        }
        return rules.problems;
    }

    private void timeouts(JsonNode timeouts) {
        timeouts.fieldNames().forEachRemaining(name -> duration("/spec/timeouts/" + name, timeouts.path(name)));
    }

    private void backoff(JsonNode backoff) {
        duration("/spec/retry/backoff/base", backoff.path("base"));
        duration("/spec/retry/backoff/max", backoff.path("max"));
    }

    private void rules(JsonNode rules) {
        for (int i = 0; i < rules.size(); i++) {
            String pointer = "/spec/retry/rules/" + i;
            JsonNode rule = rules.get(i);
            if (WHICH_FAILURES.stream().allMatch(name -> isEmpty(rule.path(name)))) {
                problems.put(
                        pointer, "must say which failures it is for; give it " + String.join(", ", WHICH_FAILURES));
            }
            pattern(pointer + "/messagePattern", rule.path("messagePattern"));
        }
    }

    private void worker(JsonNode spec) {
        if (spec.has("worker") == spec.has("type")) {
            problems.put(
                    "/spec",
                    "must have exactly one of worker (a WorkerDefinition's name) and type (one of its taskTypes)");
        }
    }

    private void duration(String pointer, JsonNode value) {
        if (value.isTextual() && GoDuration.parse(value.textValue()).isEmpty()) {
            problems.put(pointer, GoDuration.REFUSAL + "; '" + value.textValue() + "' is none");
        }
    }

    private void pattern(String pointer, JsonNode value) {
        if (!value.isTextual()) {
            return;
        }
        try {
            Pattern.compile(value.textValue());
        } catch (PatternSyntaxException e) {
            problems.put(pointer, "must be a regular expression (RE2): " + e.getMessage() + "; correct it");
        }
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isTextual() ? value.asText().isEmpty() : value.isEmpty());
    }
}
