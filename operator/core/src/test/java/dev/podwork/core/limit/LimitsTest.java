package dev.podwork.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.Timeouts;
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
                .isEqualTo(new Timeouts(null, null, attempt, null, null));
    }

    @Test
    void theJobsOwnComeFirstEachByItself() {
        assertThat(Limits.of(
                        job("{timeouts: {attempt: 1m}}"),
                        worker("{runtime: node, timeouts: {queue: 1h, attempt: 2m, total: 2h}}")))
                .isEqualTo(new Timeouts("1h", null, "1m", null, "2h"));
    }

    @Test
    void theBackstopComesAfterAllThatItBacksUp() {
        assertThat(Limits.backstop(new Timeouts(null, "1m", "5m", null, "1s"))).hasValue(Duration.ofMinutes(8));
    }

    @Test
    void aPodThatMayStartAsSlowlyAsItLikesHasNone() {
        assertThat(Limits.backstop(new Timeouts("1h", null, "5m", null, "1h"))).isEmpty();
    }

    private static JobSpec job(String spec) {
        return Serialization.unmarshal("---\n" + spec, JobSpec.class);
    }

    private static WorkerDefinitionSpec worker(String spec) {
        return Serialization.unmarshal("---\n" + spec, WorkerDefinitionSpec.class);
    }
}
