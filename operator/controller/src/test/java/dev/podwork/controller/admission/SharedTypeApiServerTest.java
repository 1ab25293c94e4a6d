package dev.podwork.controller.admission;

import static dev.podwork.controller.testing.Manifests.jobOfType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** Several workers of one task type, through an operator and a real API server. */
class SharedTypeApiServerTest extends OperatorApiServerTest {

    SharedTypeApiServerTest(KubernetesClient client) {
        super(client);
        define("a", 0);
        define("b", 0);
        define("spare", 1);
    }

    @Test
    void theyShareTheLoadAndTheFallbackGetsWhatTheyHaveNoRoomFor() {
        assertThat(worker(started("1"))).isEqualTo("a");
        AttemptKey second = started("2");
        assertThat(worker(second)).isEqualTo("b");
        assertThat(worker(started("3"))).isEqualTo("spare");

        Job waiting = operator.create(jobOfType(operator.namespace, "4", "t"));
        JobStatus told = operator.awaitStatus(waiting, status -> Reasons.AT_CONCURRENCY_LIMIT.equals(status.reason()));
        assertThat(told.message()).isEqualTo("Worker \"a\" and 2 more run 3 of at most 3 jobs; no job is ahead");
        operator.ended(second, 2, IntNode.valueOf(1));
        assertThat(worker(started(waiting))).isEqualTo("b");
        assertThat(operator.awaitStatus(waiting, status -> status.phase() == Phase.RUNNING)
                        .attempts())
                .singleElement()
                .extracting(AttemptStatus::worker)
                .isEqualTo("b");
    }

    @Test
    void whatOneHasFailedAtIsGivenToAnother() {
        Job job = jobOfType(operator.namespace, "twice", "t");
        job.setSpec(Serialization.unmarshal(
                "---\n{type: t, retry: {attempts: 3, backoff: {type: Fixed, base: 100ms}}}", JobSpec.class));
        Job created = operator.create(job);
        fail(created, 1);
        fail(created, 2);
        assertThat(worker(attempt(created, 3).key())).isEqualTo("spare");
        assertThat(operator.statusOf(created).attempts())
                .extracting(AttemptStatus::worker)
                .startsWith("a", "b");
    }

    private void fail(Job job, int number) {
        AttemptKey key = attempt(job, number).key();
        operator.ended(
                key,
                5,
                new Outcome.Failure(
                        Reasons.WORKER_ERROR, new JobError("ValueError", "no samples", null, null, null), null));
        operator.awaitStatus(job, status -> status.phase() == Phase.RETRYING);
        kubelet.terminated(pod(key.podName()), 1, "Error", null);
    }

    private AttemptKey started(String name) {
        return started(operator.create(jobOfType(operator.namespace, name, "t")));
    }

    private AttemptKey started(Job job) {
        AttemptKey key = attempt(job, 1).key();
        operator.started(key);
        return key;
    }

    private Attempt attempt(Job job, int number) {
        Pod pod = pod(job.getMetadata().getName() + "-" + number);
        return await().until(
                        () -> operator.controllers
                                .attempts()
                                .find(
                                        operator.namespace,
                                        pod.getMetadata().getName(),
                                        pod.getMetadata().getUid()),
                        found -> found.filter(attempt -> !attempt.over()).isPresent())
                .orElseThrow();
    }

    private Pod pod(String name) {
        return await().until(
                        () -> client.pods()
                                .inNamespace(operator.namespace)
                                .withName(name)
                                .get(),
                        found -> found != null);
    }

    private String worker(AttemptKey key) {
        return String.valueOf(pod(key.podName()).getMetadata().getLabels().get("podwork.dev/worker"));
    }

    private void define(String name, int fallback) {
        operator.ready(
                Serialization.unmarshal("""
                        ---
                        apiVersion: podwork.dev/v1alpha1
                        kind: WorkerDefinition
                        metadata: {name: %s, namespace: %s}
                        spec: {runtime: image, image: "example.org/worker:1", command: [/worker], taskTypes: [t], concurrency: 1, fallback: %d}
                        """.formatted(name, operator.namespace, fallback), WorkerDefinition.class));
    }
}
