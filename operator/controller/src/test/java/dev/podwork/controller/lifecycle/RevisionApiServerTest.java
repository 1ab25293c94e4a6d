package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.podwork.api.Labels;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.controller.testing.OperatorApiServerTest;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the next attempt's pod is made from: a definition that has changed, or the same with more memory. */
class RevisionApiServerTest extends OperatorApiServerTest {

    RevisionApiServerTest(KubernetesClient client) {
        super(client);
    }

    @Test
    void aRetryIsMadeFromTheDefinitionAsItIsThen() {
        WorkerDefinition worker = operator.ready(imageWorker(operator.namespace, "worker"));
        String before = revision(worker);
        Job job = create("changed", "{worker: worker, retry: {attempts: 2, backoff: {type: Fixed, base: 200ms}}}");
        Pod first = pod(job, 1);
        assertThat(first.getMetadata().getLabels()).containsEntry(Labels.WORKER_REVISION, before);
        String after = changed(worker, "[\"--new\"]", before);
        kubelet.terminated(first, 1, "Error", null);

        Pod second = pod(job, 2);
        assertThat(second.getSpec().getContainers().get(0).getArgs()).containsExactly("--new");
        kubelet.terminated(second, 1, "Error", null);
        JobStatus status = operator.awaitStatus(job, ended -> ended.phase() == Phase.FAILED);
        assertThat(status.attempts()).extracting(AttemptStatus::workerRevision).containsExactly(before, after);
    }

    @Test
    void aPinnedJobIsTriedAgainOnlyWithItsRevision() {
        WorkerDefinition worker = operator.ready(imageWorker(operator.namespace, "worker"));
        String before = revision(worker);
        Job job = create(
                "pinned",
                "{worker: worker, workerRevision: '%s', retry: {attempts: 2, backoff: {type: Fixed, base: 200ms}}}"
                        .formatted(before));
        Pod first = pod(job, 1);
        changed(worker, "[\"--new\"]", before);
        kubelet.terminated(first, 1, "Error", null);
        JobStatus waiting =
                operator.awaitStatus(job, status -> Reasons.WORKER_REVISION_NOT_CURRENT.equals(status.reason()));
        assertThat(waiting.message()).contains("spec.workerRevision asks for " + before, "apply that revision");

        assertThat(changed(worker, "null", "another")).isEqualTo(before);
        assertThat(pod(job, 2).getMetadata().getLabels()).containsEntry(Labels.WORKER_REVISION, before);
    }

    @Test
    void aWorkerThatRanOutOfMemoryGetsMore() {
        WorkerDefinition worker = imageWorker(operator.namespace, "worker");
        worker.setSpec(Serialization.unmarshal(
                "---\n{runtime: image, image: i, command: [c], template: {spec: {containers: [{name: worker,"
                        + " resources: {limits: {memory: 256Mi}, requests: {memory: 64Mi}}}]}}, retry: {attempts: 3,"
                        + " backoff: {type: Fixed, base: 200ms}, rules: [{classes: [OutOfMemory], action: Retry,"
                        + " raiseMemory: {factor: 3, max: 1Gi}}]}}",
                WorkerDefinitionSpec.class));
        operator.ready(worker);
        Job job = create("hungry", "{worker: worker}");
        for (int number = 1; number <= 3; number++) {
            kubelet.terminated(pod(job, number), 137, "OOMKilled", null);
        }

        JobStatus status = operator.awaitStatus(job, ended -> ended.phase() == Phase.FAILED);
        assertThat(status.reason()).isEqualTo(Reasons.OUT_OF_MEMORY);
        assertThat(status.attempts()).extracting(AttemptStatus::memory).containsExactly(null, "768Mi", "1024Mi");
        assertThat(List.of(1, 2, 3))
                .extracting(number -> pod(job, number)
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getResources()
                        .getLimits()
                        .get("memory"))
                .containsExactly(new Quantity("256Mi"), new Quantity("768Mi"), new Quantity("1Gi"));
        assertThat(pod(job, 2).getSpec().getContainers().get(0).getResources().getRequests())
                .containsEntry("memory", new Quantity("768Mi"));
    }

    /** Changes the arguments, and waits for another revision than the one given. */
    private String changed(WorkerDefinition worker, String args, String before) {
        client.resource(worker).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"args\":" + args + "}}");
        WorkerDefinition now = await().until(
                        () -> client.resource(worker).get(),
                        found -> Objects.equals(
                                        found.getStatus().observedGeneration(),
                                        found.getMetadata().getGeneration())
                                && !before.equals(found.getStatus().revision()));
        return revision(now);
    }

    private static String revision(WorkerDefinition worker) {
        return Objects.requireNonNull(worker.getStatus().revision());
    }

    private Pod pod(Job job, int number) {
        return await().until(
                        () -> client.pods()
                                .inNamespace(operator.namespace)
                                .withName(job.getMetadata().getName() + "-" + number)
                                .get(),
                        found -> found != null);
    }

    private Job create(String name, String spec) {
        Job job = jobOf(operator.namespace, name, "worker");
        job.setSpec(Serialization.unmarshal("---\n" + spec, JobSpec.class));
        return operator.create(job);
    }
}
