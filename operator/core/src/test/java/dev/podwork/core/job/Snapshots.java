package dev.podwork.core.job;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.worker.Readiness;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerDefinitionStatus;
import dev.podwork.api.worker.WorkerRuntime;
import dev.podwork.core.admission.Admission;
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
import org.jspecify.annotations.Nullable;

/** What policies are asked about: a job {@code j} of the worker {@code w}, created at {@link #CREATED}, that has a slot. */
record Snapshots(JobSnapshot snapshot) {

    static final Instant CREATED = Instant.parse("2026-05-01T10:00:00Z");
    static final String POD_UID = "pod-uid";
    static final AttemptKey KEY = new AttemptKey("ns", "j", 1, "j-1", POD_UID);

    private static final Instant EARLIER = CREATED.minusSeconds(3600);

    static Snapshots at(Instant now) {
        return job(new JobSpec(null, "t", IntNode.valueOf(1), null), now);
    }

    static Snapshots ofWorker(Instant now) {
        return job(new JobSpec("w", null, IntNode.valueOf(1), null), now);
    }

    static Snapshots of(String spec, Instant now) {
        return job(Serialization.unmarshal("---\n" + spec, JobSpec.class), now);
    }

    Snapshots status(JobStatus status) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                status,
                snapshot.worker(),
                snapshot.pod(),
                snapshot.podEndSeen(),
                snapshot.report(),
                snapshot.admission(),
                snapshot.creation(),
                snapshot.superseded(),
                snapshot.contact(),
                snapshot.watching(),
                snapshot.now()));
    }

    Snapshots worker(WorkerDefinition worker) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                snapshot.status(),
                worker,
                snapshot.pod(),
                snapshot.podEndSeen(),
                snapshot.report(),
                snapshot.admission(),
                snapshot.creation(),
                snapshot.superseded(),
                snapshot.contact(),
                snapshot.watching(),
                snapshot.now()));
    }

    Snapshots pod(Pod pod) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                snapshot.status(),
                snapshot.worker(),
                pod,
                snapshot.podEndSeen(),
                snapshot.report(),
                snapshot.admission(),
                snapshot.creation(),
                snapshot.superseded(),
                snapshot.contact(),
                snapshot.watching(),
                snapshot.now()));
    }

    Snapshots endSeen(Instant at) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                snapshot.status(),
                snapshot.worker(),
                snapshot.pod(),
                at,
                snapshot.report(),
                snapshot.admission(),
                snapshot.creation(),
                snapshot.superseded(),
                snapshot.contact(),
                snapshot.watching(),
                snapshot.now()));
    }

    Snapshots report(AttemptReport report) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                snapshot.status(),
                snapshot.worker(),
                snapshot.pod(),
                snapshot.podEndSeen(),
                report,
                snapshot.admission(),
                snapshot.creation(),
                snapshot.superseded(),
                snapshot.contact(),
                snapshot.watching(),
                snapshot.now()));
    }

    Snapshots admission(@Nullable Admission admission) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                snapshot.status(),
                snapshot.worker(),
                snapshot.pod(),
                snapshot.podEndSeen(),
                snapshot.report(),
                admission,
                snapshot.creation(),
                snapshot.superseded(),
                snapshot.contact(),
                snapshot.watching(),
                snapshot.now()));
    }

    Snapshots superseded(Pod pod) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                snapshot.status(),
                snapshot.worker(),
                snapshot.pod(),
                snapshot.podEndSeen(),
                snapshot.report(),
                snapshot.admission(),
                snapshot.creation(),
                pod,
                snapshot.contact(),
                snapshot.watching(),
                snapshot.now()));
    }

    /** There is a session with its worker. */
    Snapshots connected() {
        return contact(new Contact(snapshot.now(), true));
    }

    Snapshots contact(@Nullable Contact contact) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                snapshot.status(),
                snapshot.worker(),
                snapshot.pod(),
                snapshot.podEndSeen(),
                snapshot.report(),
                snapshot.admission(),
                snapshot.creation(),
                snapshot.superseded(),
                contact,
                snapshot.watching(),
                snapshot.now()));
    }

    Snapshots watchingSince(Instant start) {
        return new Snapshots(new JobSnapshot(
                snapshot.job(),
                snapshot.status(),
                snapshot.worker(),
                snapshot.pod(),
                snapshot.podEndSeen(),
                snapshot.report(),
                snapshot.admission(),
                snapshot.creation(),
                snapshot.superseded(),
                snapshot.contact(),
                start,
                snapshot.now()));
    }

    Snapshots report(long sequence, @Nullable Outcome outcome) {
        return report(new AttemptReport(KEY, CREATED.plusSeconds(1), null, List.of(), sequence, outcome));
    }

    static JobStatus statusOf(@Nullable Phase phase, @Nullable String reason, @Nullable String message) {
        return new JobStatus(1L, phase, reason, message, "w", null, null, null, null, null, List.of(), List.of());
    }

    /** A status that knows the pod. */
    static JobStatus running() {
        AttemptStatus attempt = new AttemptStatus(
                1,
                "j-1",
                POD_UID,
                "n1",
                CREATED.plusSeconds(1),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                3L);
        return new JobStatus(
                1L,
                Phase.RUNNING,
                "Running",
                "The worker has the job",
                "w",
                CREATED.plusSeconds(1),
                null,
                null,
                null,
                null,
                List.of(attempt),
                List.of());
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
        definition.setSpec(new WorkerDefinitionSpec(
                WorkerRuntime.IMAGE, "example.org/w:1", List.of("/w"), List.of(), null, null, List.of("t"), null));
        definition.setStatus(new WorkerDefinitionStatus(
                observedGeneration,
                null,
                List.of(new ConditionBuilder()
                        .withType(Readiness.CONDITION)
                        .withStatus(ready)
                        .withMessage(message)
                        .build())));
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
                new Admission.Admitted(),
                null,
                null,
                null,
                EARLIER,
                now));
    }
}
