package dev.podwork.controller.lifecycle;

import dev.podwork.api.job.Job;
import dev.podwork.controller.admission.Admissions;
import dev.podwork.controller.job.Jobs;
import dev.podwork.controller.pod.PodCreator;
import dev.podwork.controller.pod.Pods;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobDecisions;
import dev.podwork.core.job.JobSnapshot;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves a job on by one step: gather, decide, act, record. */
@ControllerConfiguration(
        name = "jobs",
        informer = @Informer(name = "jobs"),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
public final class JobReconciler implements Reconciler<Job> {

    private static final Logger log = LoggerFactory.getLogger(JobReconciler.class);

    /** What has changed is known within milliseconds as a rule. */
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(200);

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

    /** That somebody else was quicker to write is nothing to report: the decision is taken again, with what has changed. */
    @Override
    public ErrorStatusUpdateControl<Job> updateErrorStatus(Job job, Context<Job> context, Exception e) {
        if (!isConflict(e)) {
            return ErrorStatusUpdateControl.defaultErrorProcessing();
        }
        log.debug("Job {} is decided upon again: {}", ResourceID.fromResource(job), e.getMessage());
        return ErrorStatusUpdateControl.<Job>noStatusUpdate().withNoRetry().rescheduleAfter(AFTER_CONFLICT);
    }

    private static boolean isConflict(@Nullable Throwable e) {
        return e instanceof KubernetesClientException refused
                ? refused.getCode() == HttpURLConnection.HTTP_CONFLICT
                : e != null && isConflict(e.getCause());
    }

    @Override
    public List<EventSource<?, Job>> prepareEventSources(EventSourceContext<Job> context) {
        jobs.use(context.getPrimaryCache());
        return eventSources.apply(context);
    }
}
