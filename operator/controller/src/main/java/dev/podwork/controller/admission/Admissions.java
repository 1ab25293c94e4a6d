package dev.podwork.controller.admission;

import dev.podwork.api.job.Job;
import dev.podwork.controller.job.Jobs;
import dev.podwork.core.admission.Admission;
import dev.podwork.core.admission.AdmissionIndex;
import dev.podwork.core.admission.Contender;
import dev.podwork.core.admission.WorkerKey;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.job.Standing;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.List;
import java.util.function.ToIntFunction;

/** The slots of all WorkerDefinitions. Whoever gets one is woken, by one event, and nobody else is. */
public final class Admissions {

    private final Jobs jobs;
    private final AdmissionIndex index;
    private final SimpleInboundEventSource<Job> events = new SimpleInboundEventSource<>("admission");

    /** @param limits how many slots a definition has now */
    public Admissions(Jobs jobs, ToIntFunction<WorkerKey> limits) {
        this.jobs = jobs;
        this.index = new AdmissionIndex(limits);
    }

    public EventSource<?, Job> eventSource() {
        return events;
    }

    /** A job could start now. */
    public Admission claim(JobSnapshot snapshot) {
        AdmissionIndex.Claim claim = index.claim(snapshot.workerKey().orElseThrow(), Contender.of(snapshot.job()));
        wake(claim.admitted());
        return claim.admission();
    }

    /** A decision about a job has been carried out, and recorded. */
    public void settle(JobSnapshot snapshot, JobDecision decision) {
        Standing standing = Standing.of(snapshot, decision);
        if (standing == Standing.HOLDS) {
            hold(snapshot);
        }
        // A deletion that was heard of meanwhile has found nothing to give up, perhaps.
        if (standing == Standing.NONE || !isThere(snapshot.job())) {
            leave(snapshot.job());
        }
    }

    /** A job has an open attempt. */
    public void hold(JobSnapshot snapshot) {
        snapshot.workerKey().ifPresent(worker -> index.hold(worker, Contender.of(snapshot.job())));
    }

    /** A job was deleted, or is about to be. */
    public void leave(Job job) {
        wake(index.leave(job.getMetadata().getUid()));
    }

    /** A definition was created, changed or deleted. */
    public void changed(WorkerKey worker) {
        wake(index.changed(worker));
    }

    /** How many jobs wait for a slot. */
    public int queued() {
        return index.queued();
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
