package dev.podwork.controller.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
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
        AttemptStatus failed = new AttemptStatus(
                1, "j-1", "uid", null, null, null, null, null, null, null, List.of(), List.of(), null);
        Job job = new Job();
        job.setMetadata(
                new ObjectMetaBuilder().withName("j").withNamespace("ns").build());
        job.setSpec(new JobSpec(null, "t", null, null));
        job.setStatus(
                new JobStatus(1L, phase, null, null, "w", null, null, null, null, null, List.of(failed), List.of()));
        return job;
    }
}
