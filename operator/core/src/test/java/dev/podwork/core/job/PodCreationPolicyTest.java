package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodCreationPolicyTest {

    private final PodCreationPolicy policy =
            new PodCreationPolicy(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));

    @Test
    void aReadyWorkerGetsAPod() {
        JobDecision decision = decided(Snapshots.at(Snapshots.CREATED).worker(Snapshots.readyWorker()));

        assertThat(decision.pod()).isNotNull();
        assertThat(decision.pod().getMetadata().getName()).isEqualTo("j-1");
        assertThat(decision.status().phase()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0,2", "1,2", "7,7", "29,29", "3600,30"})
    void aConflictIsTriedAgainAfterAsLongAsTheJobIsOld(long age, long wait) {
        JobDecision decision = decided(tried(age, new PodCreation.Conflict("Pod j-1 exists already")));

        assertThat(decision.pod()).isNull();
        assertThat(decision.status().phase()).isEqualTo(Phase.QUEUED);
        assertThat(decision.revisit())
                .isEqualTo(Snapshots.CREATED.plusSeconds(age).plus(Duration.ofSeconds(wait)));
    }

    @Test
    void aRefusalIsTold() {
        JobDecision decision = decided(tried(0, new PodCreation.Refused("exceeded quota: q")));

        assertThat(decision.pod()).isNull();
        assertThat(decision.revisit()).isNull();
        assertThat(decision.status().phase()).isEqualTo(Phase.QUEUED);
        assertThat(decision.status().reason()).isEqualTo(Reasons.POD_REFUSED);
        assertThat(decision.status().message()).isEqualTo("exceeded quota: q");
    }

    @Test
    void aConflictIsTold() {
        JobDecision decision = decided(tried(0, new PodCreation.Conflict("Pod j-1 exists already")));

        assertThat(decision.status().reason()).isEqualTo(Reasons.POD_CONFLICT);
        assertThat(decision.status().message()).isEqualTo("Pod j-1 exists already");
        assertThat(decision.status().attempts()).isEmpty();
    }

    private static Snapshots tried(long age, PodCreation creation) {
        return Snapshots.of(Snapshots.at(Snapshots.CREATED.plusSeconds(age))
                .worker(Snapshots.readyWorker())
                .snapshot()
                .after(creation));
    }

    private JobDecision decided(Snapshots given) {
        return policy.decide(given.snapshot()).orElseThrow();
    }
}
