package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** More memory from one attempt to the next. */
class MemoryRaiseTest {

    private static final String JOB = "{worker: w, retry: {attempts: 9, rules:"
            + " [{classes: [OutOfMemory], action: Retry, raiseMemory: {max: 1Gi}}]}}";
    private static final Instant NOW = Snapshots.CREATED.plusSeconds(600);

    private final JobDecisions decisions =
            new JobDecisions(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));

    @Test
    void theNextPodHasTheMemoryThatTheRuleGivesAndKeepsIt() {
        JobStatus first = failed(Snapshots.statusOf(null, null, null), "OOMKilled", 1);
        assertThat(first.phase()).isEqualTo(Phase.RETRYING);
        assertThat(first.raisedMemory()).isEqualTo("512Mi");
        assertThat(first.attempts().get(0).memory()).as("the definition's own").isNull();
        Pod second = next(first);
        assertThat(memory(second)).isEqualTo(new Quantity("512Mi"));

        JobStatus third = failed(first, "Error", 2);
        assertThat(third.raisedMemory()).as("not for want of memory").isEqualTo("512Mi");
        assertThat(third.attempts().get(1).memory()).isEqualTo("512Mi");

        JobStatus fourth = failed(third, "OOMKilled", 3);
        assertThat(fourth.raisedMemory()).isEqualTo("1024Mi");
        assertThat(failed(fourth, "OOMKilled", 4).raisedMemory()).as("the most").isEqualTo("1024Mi");
    }

    private JobStatus failed(JobStatus before, String reason, int number) {
        Pod pod = new PodBuilder(Snapshots.endedPod(137, reason, null))
                .editMetadata()
                .withName("j-" + number)
                .withUid("uid-" + number)
                .withAnnotations(
                        before.raisedMemory() == null
                                ? Map.of()
                                : Map.of("podwork.dev/raised-memory", before.raisedMemory()))
                .endMetadata()
                .build();
        return decisions
                .decide(snapshots(before).pod(pod).endSeen(NOW.minusSeconds(9)).snapshot())
                .status();
    }

    private Pod next(JobStatus status) {
        return Objects.requireNonNull(decisions
                .decide(snapshots(status, NOW.plusSeconds(600)).snapshot())
                .pod());
    }

    private static Quantity memory(Pod pod) {
        return Objects.requireNonNull(
                pod.getSpec().getContainers().get(0).getResources().getLimits().get("memory"));
    }

    private static Snapshots snapshots(JobStatus status) {
        return snapshots(status, NOW);
    }

    private static Snapshots snapshots(JobStatus status, Instant now) {
        return Snapshots.of(JOB, now).worker(worker()).status(status);
    }

    private static WorkerDefinition worker() {
        WorkerDefinition worker = Snapshots.readyWorker();
        worker.setSpec(Serialization.unmarshal(
                "---\n{runtime: image, image: i, command: [c], template: {spec: {containers:"
                        + " [{name: worker, resources: {limits: {memory: 256Mi}}}]}}}",
                WorkerDefinitionSpec.class));
        return worker;
    }
}
