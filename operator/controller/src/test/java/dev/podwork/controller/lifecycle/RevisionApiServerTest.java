package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.pythonWorker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.podwork.core.pod.PodSignals;
import dev.podwork.core.worker.RevisionHistory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
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
        String after = changed(worker, "{args: [--new]}", before);
        kubelet.terminated(first, 1, "Error", null);

        Pod second = pod(job, 2);
        assertThat(second.getSpec().getContainers().get(0).getArgs()).containsExactly("--new");
        kubelet.terminated(second, 1, "Error", null);
        JobStatus status = operator.awaitStatus(job, ended -> ended.phase() == Phase.FAILED);
        assertThat(status.attempts()).extracting(AttemptStatus::workerRevision).containsExactly(before, after);
    }

    @Test
    void aPinnedJobIsTriedAgainAsItBegan() {
        WorkerDefinition worker = operator.ready(pythonWorker(operator.namespace, "worker", "print(1)"));
        String before = revision(worker);
        Job job = create(
                "pinned",
                "{worker: worker, workerRevision: '%s', retry: {attempts: 2, backoff: {type: Fixed, base: 200ms}}}"
                        .formatted(before));
        Pod first = pod(job, 1);
        changed(worker, "{source: {inline: print(2)}, args: [--new]}", before);
        kubelet.terminated(first, 1, "Error", null);

        Pod second = pod(job, 2);
        assertThat(second.getMetadata().getLabels()).containsEntry(Labels.WORKER_REVISION, before);
        assertThat(second.getSpec().getContainers().get(0).getArgs())
                .isEqualTo(first.getSpec().getContainers().get(0).getArgs());
        assertThat(PodSignals.sourceConfigMaps(second))
                .isEqualTo(PodSignals.sourceConfigMaps(first))
                .singleElement()
                .satisfies(name -> assertThat(client.configMaps()
                                .inNamespace(operator.namespace)
                                .withName(name)
                                .get()
                                .getData())
                        .containsValue("print(1)"));
    }

    @Test
    void aNewJobMayAskForAnEarlierRevision() {
        WorkerDefinition worker = operator.ready(imageWorker(operator.namespace, "worker"));
        String before = revision(worker);
        changed(worker, "{args: [--new]}", before);

        Job job = create("back", "{type: worker, workerRevision: '%s'}".formatted(before));

        assertThat(pod(job, 1).getMetadata().getLabels()).containsEntry(Labels.WORKER_REVISION, before);
    }

    @Test
    void aRevisionThatIsNotKeptIsWaitedForUntilItsContentIsAppliedAgain() {
        WorkerDefinition worker = operator.ready(imageWorker(operator.namespace, "worker"));
        String before = revision(worker);
        String after = changed(worker, "{args: [--new]}", before);
        client.resources(ControllerRevision.class)
                .inNamespace(operator.namespace)
                .withName("worker-" + before)
                .delete();
        Job job = create("waits", "{worker: worker, workerRevision: '%s'}".formatted(before));
        JobStatus waiting =
                operator.awaitStatus(job, status -> Reasons.WORKER_REVISION_NOT_FOUND.equals(status.reason()));
        assertThat(waiting.message()).contains("revision " + after, before, "apply that revision");

        assertThat(changed(worker, "{args: null}", after)).isEqualTo(before);
        assertThat(pod(job, 1).getMetadata().getLabels()).containsEntry(Labels.WORKER_REVISION, before);
    }

    @Test
    void oldRevisionsGoUnlessAJobAsksForThem() {
        WorkerDefinition worker = operator.ready(imageWorker(operator.namespace, "worker"));
        String asked = revision(worker);
        create("asks", "{worker: worker, workerRevision: '%s', suspended: true}".formatted(asked));
        String second = changed(worker, "{args: [second]}", asked);
        String last = second;
        for (int change = 0; change < RevisionHistory.KEPT + 1; change++) {
            last = changed(worker, "{args: [change-%d]}".formatted(change), last);
        }
        String current = last;

        await().untilAsserted(() -> assertThat(client.resources(ControllerRevision.class)
                        .inNamespace(operator.namespace)
                        .list()
                        .getItems())
                .hasSize(RevisionHistory.KEPT + 2)
                .extracting(revision -> revision.getMetadata().getLabels().get(Labels.WORKER_REVISION))
                .contains(asked, current)
                .doesNotContain(second));
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

    /** Changes fields of the spec, and waits for another revision than the one given. */
    private String changed(WorkerDefinition worker, String fields, String before) {
        client.resource(worker)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(
                                Map.of("spec", Serialization.unmarshal("---\n" + fields, JsonNode.class))));
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
