package dev.podwork.core.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.Reasons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"result\":null}|null",
                "{\"id\":1}|null",
                "{\"result\":false}|false",
                "{\"result\":0,\"error\":null}|0",
                "{\"result\":\"\"}|\"\""
            })
    void anyResultIsOneAndAMissingOneIsNull(String response, String result) throws JsonProcessingException {
        assertThat(Answer.outcome(new JsonMapper().readTree(response), null))
                .isEqualTo(new Outcome.Result(new JsonMapper().readTree(result)));
    }

    @Test
    void anErrorIsReadFieldByField() throws JsonProcessingException {
        assertThat(failure("{\"error\":{\"code\":-32000,\"message\":\"no samples\",\"data\":{\"type\":\"ValueError\","
                        + "\"stack\":\"Traceback\",\"retriable\":false,\"code\":7}}}"))
                .isEqualTo(new JobError("ValueError", "no samples", "Traceback", IntNode.valueOf(7), false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":\"plain\"}|plain",
                "{\"error\":7}|7",
                "{\"error\":{}}|{}",
                "{\"error\":{\"message\":3,\"data\":[]}}|{\"message\":3,\"data\":[]}",
                "{\"error\":{\"message\":\"m\",\"data\":{\"type\":1,\"stack\":2,\"code\":{},\"retriable\":\"no\"}}}|m"
            })
    void whateverElseIsThereIsStillAnError(String response, String message) throws JsonProcessingException {
        assertThat(failure(response)).isEqualTo(new JobError("Error", message, null, null, null));
    }

    @Test
    void aResultThatJsonCannotCarryHasItsOwnReason() throws JsonProcessingException {
        Outcome outcome = Answer.outcome(
                new JsonMapper()
                        .readTree("{\"error\":{\"message\":\"m\",\"data\":{\"type\":\"ResultNotSerializable\"}}}"),
                null);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reasons.RESULT_NOT_SERIALIZABLE));
        assertThat(Answer.outcome(NullNode.getInstance(), null)).isInstanceOf(Outcome.Result.class);
    }

    private static JobError failure(String response) throws JsonProcessingException {
        return ((Outcome.Failure) Answer.outcome(new JsonMapper().readTree(response), null)).error();
    }
}
