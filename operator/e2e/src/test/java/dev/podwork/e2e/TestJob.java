package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A Job in the cluster, as its user sees it. */
final class TestJob {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Sandbox sandbox;
    private final String name;

    TestJob(Sandbox sandbox, String name) {
        this.sandbox = sandbox;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Waits for the status that is asked for. */
    JobStatus await(String what, Predicate<JobStatus> condition) {
        return await(what, condition, PATIENCE);
    }

    JobStatus await(String what, Predicate<JobStatus> condition, Duration patience) {
        try {
            return resource()
                    .waitUntilCondition(
                            job -> job != null && job.getStatus() != null && condition.test(job.getStatus()),
                            patience.toMillis(),
                            TimeUnit.MILLISECONDS)
                    .getStatus();
        } catch (KubernetesClientTimeoutException e) {
            throw new AssertionError("not within " + patience.toSeconds() + " s: " + what + "\n" + everything(), e);
        }
    }

    /** Waits until the worker has the job. */
    TestJob running() {
        await("running", status -> status.phase() == Phase.RUNNING);
        return this;
    }

    JobStatus ended() {
        return await(
                "the end", status -> status.phase() != null && status.phase().isTerminal());
    }

    /** Waits for the end, which must be a success, and returns the result. */
    JsonNode succeeded() {
        JobStatus status = ended();
        assertThat(status.phase()).as(this::everything).isEqualTo(Phase.SUCCEEDED);
        assertThat(status.error()).as(this::everything).isNull();
        JsonNode result = status.result();
        assertThat(result).as(this::everything).isNotNull();
        return java.util.Objects.requireNonNull(result);
    }

    /** Waits for the end, which must be a failure for this reason. */
    JobStatus failed(String reason) {
        JobStatus status = ended();
        assertThat(status.phase()).as(this::everything).isEqualTo(Phase.FAILED);
        assertThat(status.reason()).as(this::everything).isEqualTo(reason);
        assertThat(status.error()).as(this::everything).isNotNull();
        return status;
    }

    /** Sets {@code spec.cancelled}. */
    void cancel() {
        resource().patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"cancelled\":true}}");
    }

    /** Sets {@code spec.suspended}. */
    void suspend(boolean value) {
        resource().patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspended\":%s}}".formatted(value));
    }

    /** Sets {@code spec.workerRevision} to that of the attempt that runs. */
    String pin() {
        String revision =
                Objects.requireNonNull(get().getStatus().attempts().get(0).workerRevision());
        resource()
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"workerRevision\":\"%s\"}}".formatted(revision));
        return revision;
    }

    Job get() {
        return resource().require();
    }

    AttemptStatus attempt() {
        return get().getStatus().attempts().get(0);
    }

    Pod pod() {
        return pod(1);
    }

    /** The pod of an attempt. */
    Pod pod(int attempt) {
        return podResource(attempt).require();
    }

    /** Waits for the end of the first attempt's worker. */
    ContainerStateTerminated workerEnd() {
        awaitPodEnd();
        return pod().getStatus().getContainerStatuses().get(0).getState().getTerminated();
    }

    /** Deletes the Job, and returns all that its worker had printed when its pod was gone. */
    String delete() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        LogWatch watch = podResource().inContainer("worker").watchLog(printed);
        try {
            resource().delete();
            podResource().waitUntilCondition(pod -> pod == null, 60, TimeUnit.SECONDS);
        } finally {
            watch.close();
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Waits until no container of the pod runs any more. */
    void awaitPodEnd() {
        podResource()
                .waitUntilCondition(
                        pod -> pod == null
                                || java.util.Set.of("Succeeded", "Failed")
                                        .contains(pod.getStatus().getPhase()),
                        60,
                        TimeUnit.SECONDS);
    }

    /** All that the worker's container printed, or the relay's. */
    String log(String container) {
        awaitPodEnd();
        return podResource().inContainer(container).getLog();
    }

    private Resource<Job> resource() {
        return Cluster.CLIENT
                .resources(Job.class)
                .inNamespace(sandbox.namespace())
                .withName(name);
    }

    private PodResource podResource() {
        return podResource(1);
    }

    private PodResource podResource(int attempt) {
        return Cluster.CLIENT.pods().inNamespace(sandbox.namespace()).withName(name + "-" + attempt);
    }

    /** All that helps to understand a failed test. */
    private String everything() {
        String pod = name + "-1";
        return String.join(
                "\n",
                kubectl("get", "jobs.podwork.dev", name, "-o", "yaml"),
                kubectl("describe", "pod", pod),
                kubectl("logs", pod, "--all-containers", "--prefix", "--tail=40"),
                sandbox.installation().log());
    }

    private String kubectl(String... arguments) {
        return CommandLine.attempt(
                        "kubectl",
                        java.util.stream.Stream.concat(
                                        java.util.stream.Stream.of("-n", sandbox.namespace()),
                                        java.util.Arrays.stream(arguments))
                                .toArray(String[]::new))
                .text();
    }
}
