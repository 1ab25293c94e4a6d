package dev.podwork.controller.admission;

import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.deadline.Deadlines;
import dev.podwork.controller.job.Jobs;
import dev.podwork.core.admission.Admission;
import dev.podwork.core.admission.AdmissionIndex;
import dev.podwork.core.admission.Candidate;
import dev.podwork.core.admission.Contender;
import dev.podwork.core.admission.WorkerKey;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.job.PodCreation;
import dev.podwork.core.job.Standing;
import dev.podwork.core.worker.WorkerSelection;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The slots of all WorkerDefinitions. Whoever gets one is woken, by one event, and nobody else is. */
public final class Admissions implements AutoCloseable {

    private final Jobs jobs;
    private final Function<Job, List<WorkerDefinition>> candidates;
    private final AdmissionIndex index;
    private final Clock clock;
    private final Deadlines reopening;
    private final SimpleInboundEventSource<Job> events = new SimpleInboundEventSource<>("admission");

    /**
     * Makes one that is empty.
     *
     * @param candidates the definitions that would do for a job
     * @param limits how many slots a definition has now
     */
    public Admissions(
            Jobs jobs, Function<Job, List<WorkerDefinition>> candidates, ToIntFunction<WorkerKey> limits, Clock clock) {
        this.jobs = jobs;
        this.candidates = candidates;
        this.clock = clock;
        this.reopening = new Deadlines("admission-deadlines", clock, this::reopened);
        this.index = new AdmissionIndex(
                limits, (worker, at) -> reopening.wakeBy(new ResourceID(worker.name(), worker.namespace()), at));
    }

    @Override
    public void close() {
        reopening.close();
    }

    public EventSource<?, Job> eventSource() {
        return events;
    }

    /** A job could start now: what came of asking, and with which definition. */
    public JobSnapshot claim(JobSnapshot snapshot) {
        Job job = snapshot.job();
        Map<WorkerKey, WorkerDefinition> wanted = new LinkedHashMap<>();
        candidates.apply(job).stream()
                .filter(definition -> WorkerSelection.isWanted(definition, job.getSpec()))
                .forEach(definition -> wanted.put(key(definition), definition));
        // Since the snapshot was taken, it may have gone.
        if (wanted.isEmpty()) {
            return snapshot.after(new Admission.Waiting(0, 0, 0, null), snapshot.worker());
        }
        AdmissionIndex.Claim claim = index.claim(
                wanted.values().stream()
                        .map(definition ->
                                new Candidate(key(definition), WorkerSelection.rank(definition, snapshot.status())))
                        .toList(),
                Contender.of(job),
                clock.instant());
        wake(claim.admitted());
        return snapshot.after(
                claim.admission(),
                claim.admission() instanceof Admission.Admitted admitted
                        ? wanted.get(admitted.worker())
                        : snapshot.worker());
    }

    private static WorkerKey key(WorkerDefinition definition) {
        return new WorkerKey(
                definition.getMetadata().getNamespace(),
                definition.getMetadata().getName());
    }

    /** A decision about a job has been carried out, and recorded. */
    public void settle(JobSnapshot snapshot, JobDecision decision) {
        switch (Standing.of(snapshot, decision)) {
            case HOLDS -> hold(snapshot);
            case REFUSED -> refused(snapshot);
            case NONE -> leave(snapshot.job());
            case WAITS -> {}
        }
        // A deletion that was heard of meanwhile has found nothing to give up, perhaps.
        if (!isThere(snapshot.job())) {
            leave(snapshot.job());
        }
    }

    /** A job has an open attempt. */
    public void hold(JobSnapshot snapshot) {
        snapshot.workerKey()
                .ifPresent(worker -> wake(index.hold(worker, Contender.of(snapshot.job()), clock.instant())));
    }

    private void refused(JobSnapshot snapshot) {
        if (snapshot.creation() instanceof PodCreation.Refused refused) {
            wake(index.refused(Contender.of(snapshot.job()), refused.message(), clock.instant()));
        }
    }

    /** A job was deleted, or is about to be. */
    public void leave(Job job) {
        wake(index.leave(job.getMetadata().getUid(), clock.instant()));
    }

    /** A definition was created, changed or deleted. */
    public void changed(WorkerKey worker) {
        wake(index.changed(worker, clock.instant()));
    }

    /** How many jobs wait for a slot. */
    public int queued() {
        return index.queued();
    }

    private void reopened(ResourceID worker) {
        wake(index.reopened(new WorkerKey(worker.getNamespace().orElseThrow(), worker.getName()), clock.instant()));
    }

    private boolean isThere(Job job) {
        return jobs.get(ResourceID.fromResource(job))
                .filter(now ->
                        now.getMetadata().getUid().equals(job.getMetadata().getUid()))
                .filter(now -> !now.isMarkedForDeletion())
                .isPresent();
    }

    private void wake(List<Contender> admitted) {
        admitted.forEach(contender -> events.propagateEvent(new ResourceID(contender.name(), contender.namespace())));
    }
}
