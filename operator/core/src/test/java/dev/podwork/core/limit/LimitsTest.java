package dev.podwork.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.TimeoutsBuilder;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {

    @ParameterizedTest
    @CsvSource({"python,5m", "node,10m", "image,5m"})
    void onlyAnAttemptIsLimitedUnasked(String runtime, String attempt) {
        assertThat(Limits.of(job("{}"), worker("{runtime: %s}".formatted(runtime))))
                .isEqualTo(TimeoutsBuilder.builder().attempt(attempt).build());
    }

    @Test
    void theJobsOwnComeFirstEachByItself() {
        assertThat(Limits.of(
                        job("{timeouts: {attempt: 1m}}"),
                        worker("{runtime: node, timeouts: {queue: 1h, attempt: 2m, total: 2h}}")))
                .isEqualTo(TimeoutsBuilder.builder()
                        .queue("1h")
                        .attempt("1m")
                        .total("2h")
                        .build());
    }

    @Test
    void theBackstopComesAfterAllThatItBacksUp() {
        assertThat(Limits.backstop(TimeoutsBuilder.builder()
                        .start("1m")
                        .attempt("5m")
                        .total("1s")
                        .build()))
                .hasValue(Duration.ofMinutes(8));
    }

    @Test
    void aPodThatMayStartAsSlowlyAsItLikesHasNone() {
        assertThat(Limits.backstop(TimeoutsBuilder.builder()
                        .queue("1h")
                        .attempt("5m")
                        .total("1h")
                        .build()))
                .isEmpty();
    }

    private static JobSpec job(String spec) {
        return Serialization.unmarshal("---\n" + spec, JobSpec.class);
    }

    private static WorkerDefinitionSpec worker(String spec) {
        return Serialization.unmarshal("---\n" + spec, WorkerDefinitionSpec.class);
    }
}
