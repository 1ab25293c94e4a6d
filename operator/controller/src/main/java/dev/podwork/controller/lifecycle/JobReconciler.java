package dev.podwork.controller.lifecycle;

import dev.podwork.api.job.Job;
import dev.podwork.controller.admission.Admissions;
import dev.podwork.controller.job.Jobs;
import dev.podwork.controller.pod.PodCreator;
import dev.podwork.controller.pod.Pods;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobDecisions;
import dev.podwork.core.job.JobSnapshot;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;
import java.util.function.Function;

/** Moves a job on by one step: gather, decide, act, record. */
@ControllerConfiguration(
        name = "jobs",
        informer = @Informer(name = "jobs"),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
public final class JobReconciler implements Reconciler<Job> {

    private final Jobs jobs;
    private final JobGatherer gatherer;
    private final JobDecisions decisions;
    private final AdmissionRecovery recovery;
    private final Admissions admissions;
    private final PodCreator creator;
    private final Pods pods;
    private final JobRecorder recorder;
    private final Function<EventSourceContext<Job>, List<EventSource<?, Job>>> eventSources;

    JobReconciler(
            Jobs jobs,
            JobGatherer gatherer,
            JobDecisions decisions,
            AdmissionRecovery recovery,
            Admissions admissions,
            PodCreator creator,
            Pods pods,
            JobRecorder recorder,
            Function<EventSourceContext<Job>, List<EventSource<?, Job>>> eventSources) {
        this.jobs = jobs;
        this.gatherer = gatherer;
        this.decisions = decisions;
        this.recovery = recovery;
        this.admissions = admissions;
        this.creator = creator;
        this.pods = pods;
        this.recorder = recorder;
        this.eventSources = eventSources;
    }

    @Override
    public UpdateControl<Job> reconcile(Job known, Context<Job> context) {
        recovery.ensure();
        Job job = jobs.newest(known);
        JobSnapshot snapshot = gatherer.snapshot(job);
        JobDecision decision = decisions.decide(snapshot);
        if (decision.claim()) {
            snapshot = admissions.claim(snapshot);
            decision = decisions.decide(snapshot);
        }
        if (decision.pod() != null) {
            snapshot = snapshot.after(creator.create(job, decision.pod()));
            decision = decisions.decide(snapshot);
        }
        recorder.record(snapshot, decision);
        // Why a pod is deleted must be known before its end is seen.
        if (decision.remove() != null) {
            pods.delete(decision.remove());
        }
        admissions.settle(snapshot, decision);
        // The SDK's own way to write a status has no optimistic locking.
        return UpdateControl.noUpdate();
    }

    @Override
    public List<EventSource<?, Job>> prepareEventSources(EventSourceContext<Job> context) {
        jobs.use(context.getPrimaryCache());
        return eventSources.apply(context);
    }
}
