package dev.podwork.core.job;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.AttemptStatusBuilder;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import dev.podwork.api.worker.Readiness;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerDefinitionStatusBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import dev.podwork.core.admission.Admission;
import dev.podwork.core.admission.WorkerKey;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What policies are asked about: a job {@code j} of the worker {@code w}, created at {@link #CREATED}, that has a slot. */
final class Snapshots {

    static final Instant CREATED = Instant.parse("2026-05-01T10:00:00Z");
    static final String POD_UID = "pod-uid";
    static final AttemptKey KEY = new AttemptKey("ns", "j", 1, "j-1", POD_UID);

    private static final Instant EARLIER = CREATED.minusSeconds(3600);

    private Job job;
    private JobStatus status;
    private @Nullable WorkerDefinition worker;
    private @Nullable Pod pod;
    private @Nullable Instant endSeen;
    private @Nullable AttemptReport report;
    private @Nullable Admission admission;
    private @Nullable PodCreation creation;
    private @Nullable Pod superseded;
    private @Nullable Contact contact;
    private Instant watching;
    private Instant now;

    private Snapshots(JobSnapshot snapshot) {
        job = snapshot.job();
        status = snapshot.status();
        worker = snapshot.worker();
        pod = snapshot.pod();
        endSeen = snapshot.podEndSeen();
        report = snapshot.report();
        admission = snapshot.admission();
        creation = snapshot.creation();
        superseded = snapshot.superseded();
        contact = snapshot.contact();
        watching = snapshot.watching();
        now = snapshot.now();
    }

    static Snapshots at(Instant now) {
        return job(JobSpecBuilder.builder().type("t").data(IntNode.valueOf(1)).build(), now);
    }

    static Snapshots ofWorker(Instant now) {
        return job(JobSpecBuilder.builder().worker("w").data(IntNode.valueOf(1)).build(), now);
    }

    static Snapshots of(String spec, Instant now) {
        return job(Serialization.unmarshal("---\n" + spec, JobSpec.class), now);
    }

    static Snapshots of(JobSnapshot snapshot) {
        return new Snapshots(snapshot);
    }

    JobSnapshot snapshot() {
        return new JobSnapshot(
                job, status, worker, pod, endSeen, report, admission, creation, superseded, contact, watching, now);
    }

    /** What tests have derived from this one stays as it is. */
    private Snapshots with(Consumer<Snapshots> change) {
        Snapshots next = new Snapshots(snapshot());
        change.accept(next);
        return next;
    }

    Snapshots job(Job job) {
        return with(next -> next.job = job);
    }

    Snapshots status(JobStatus status) {
        return with(next -> next.status = status);
    }

    Snapshots worker(WorkerDefinition worker) {
        return with(next -> next.worker = worker);
    }

    Snapshots pod(@Nullable Pod pod) {
        return with(next -> next.pod = pod);
    }

    Snapshots endSeen(@Nullable Instant at) {
        return with(next -> next.endSeen = at);
    }

    Snapshots report(AttemptReport report) {
        return with(next -> next.report = report);
    }

    Snapshots admission(@Nullable Admission admission) {
        return with(next -> next.admission = admission);
    }

    Snapshots superseded(@Nullable Pod pod) {
        return with(next -> next.superseded = pod);
    }

    /** There is a session with its worker. */
    Snapshots connected() {
        return contact(new Contact(now, true));
    }

    Snapshots contact(@Nullable Contact contact) {
        return with(next -> next.contact = contact);
    }

    Snapshots watchingSince(Instant start) {
        return with(next -> next.watching = start);
    }

    Snapshots report(long sequence, @Nullable Outcome outcome) {
        return report(new AttemptReport(KEY, CREATED.plusSeconds(1), null, List.of(), sequence, outcome));
    }

    static JobStatus statusOf(@Nullable Phase phase, @Nullable String reason, @Nullable String message) {
        return JobStatusBuilder.builder()
                .observedGeneration(1L)
                .phase(phase)
                .reason(reason)
                .message(message)
                .worker("w")
                .build();
    }

    /** A status that knows the pod. */
    static JobStatus running() {
        AttemptStatus attempt = AttemptStatusBuilder.builder()
                .number(1)
                .pod("j-1")
                .podUid(POD_UID)
                .node("n1")
                .startedAt(CREATED.plusSeconds(1))
                .acknowledged(3L)
                .worker("w")
                .build();
        return JobStatusBuilder.builder()
                .observedGeneration(1L)
                .phase(Phase.RUNNING)
                .reason("Running")
                .message("The worker has the job")
                .worker("w")
                .startedAt(CREATED.plusSeconds(1))
                .attempts(List.of(attempt))
                .build();
    }

    static WorkerDefinition readyWorker() {
        return worker("True", "fine", 1L);
    }

    static WorkerDefinition worker(String ready, String message, long observedGeneration) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(new ObjectMetaBuilder()
                .withName("w")
                .withNamespace("ns")
                .withUid("w-uid")
                .withGeneration(1L)
                .build());
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.IMAGE)
                .image("example.org/w:1")
                .command(List.of("/w"))
                .taskTypes(List.of("t"))
                .build());
        definition.setStatus(WorkerDefinitionStatusBuilder.builder()
                .observedGeneration(observedGeneration)
                .conditions(List.of(new ConditionBuilder()
                        .withType(Readiness.CONDITION)
                        .withStatus(ready)
                        .withMessage(message)
                        .build()))
                .build());
        return definition;
    }

    static Pod startingPod() {
        return new PodBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName("j-1")
                        .withNamespace("ns")
                        .withUid(POD_UID)
                        .withCreationTimestamp(CREATED.toString())
                        .withLabels(Map.of("podwork.dev/worker", "w"))
                        .build())
                .withNewSpec()
                .withNodeName("n1")
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
    }

    static Pod waitingPod(String reason, @Nullable String message) {
        return withWorker(
                "Pending",
                new ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason(reason)
                        .withMessage(message)
                        .endWaiting()
                        .build());
    }

    static Pod endedPod(int exitCode, String reason, @Nullable String message) {
        return withWorker(
                exitCode == 0 ? "Succeeded" : "Failed",
                new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withReason(reason)
                        .withMessage(message)
                        .endTerminated()
                        .build());
    }

    private static Pod withWorker(String phase, ContainerState state) {
        return new PodBuilder(startingPod())
                .withNewStatus()
                .withPhase(phase)
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName("worker")
                        .withState(state)
                        .build())
                .endStatus()
                .build();
    }

    static Snapshots job(JobSpec spec, Instant now) {
        Job job = new Job();
        job.setMetadata(new ObjectMetaBuilder()
                .withName("j")
                .withNamespace("ns")
                .withUid("j-uid")
                .withGeneration(1L)
                .withCreationTimestamp(CREATED.toString())
                .build());
        job.setSpec(spec);
        return new Snapshots(new JobSnapshot(
                job,
                JobSnapshot.statusOf(job),
                null,
                null,
                null,
                null,
                new Admission.Admitted(new WorkerKey("ns", "w")),
                null,
                null,
                null,
                EARLIER,
                now));
    }
}
