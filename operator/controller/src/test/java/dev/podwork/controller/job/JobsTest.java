package dev.podwork.controller.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.AttemptStatusBuilder;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobsTest {

    /** One that waits for its second attempt while its definition is not ready was never woken when that became ready. */
    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"QUEUED", "STARTING", "RUNNING", "RETRYING"})
    void aJobWaitsForItsDefinitionAlsoAfterItsFirstAttempt(Phase phase) {
        assertThat(Jobs.waitingFor(job(phase))).containsExactly("ns/type/t", "ns/worker/w");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"SUCCEEDED", "FAILED", "CANCELLED"})
    void oneThatHasEndedWaitsForNothing(Phase phase) {
        assertThat(Jobs.waitingFor(job(phase))).isEmpty();
    }

    @Test
    void oneThatHasNoStatusWaitsForWhatItAsksFor() {
        Job job = job(Phase.QUEUED);
        job.setStatus(null);

        assertThat(Jobs.waitingFor(job)).containsExactly("ns/type/t");
    }

    private static Job job(Phase phase) {
        AttemptStatus failed = AttemptStatusBuilder.builder()
                .number(1)
                .pod("j-1")
                .podUid("uid")
                .build();
        Job job = new Job();
        job.setMetadata(
                new ObjectMetaBuilder().withName("j").withNamespace("ns").build());
        job.setSpec(JobSpecBuilder.builder().type("t").build());
        job.setStatus(JobStatusBuilder.builder()
                .observedGeneration(1L)
                .phase(phase)
                .worker("w")
                .attempts(List.of(failed))
                .build());
        return job;
    }
}
