package dev.podwork.controller.lifecycle;

import dev.podwork.api.job.Job;
import dev.podwork.controller.admission.Admissions;
import dev.podwork.controller.attempt.AttemptListener;
import dev.podwork.controller.attempt.AttemptPorts;
import dev.podwork.controller.deadline.Deadlines;
import dev.podwork.controller.job.Jobs;
import dev.podwork.controller.pod.PodCreator;
import dev.podwork.controller.pod.Pods;
import dev.podwork.controller.worker.Definitions;
import dev.podwork.controller.worker.Revisions;
import dev.podwork.core.job.JobDecisions;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Puts together what moves jobs on. */
public final class JobController implements AutoCloseable {

    /** An operator that lost the lead may have been the last to write, and is not there to do what follows from it. */
    private static final Duration OTHERS_NEWS = Duration.ofSeconds(5);

    private final Set<String> namespaces;
    private final Pods pods;
    private final Jobs jobs = new Jobs();
    private final Definitions definitions;
    private final Admissions admissions;
    private final JobWakeUps wakeUps;
    private final Deadlines deadlines;
    private final AttemptPorts attempts;
    private final JobReconciler reconciler;
    private final Clock clock;

    public JobController(
            KubernetesClient client,
            Supplier<PodSettings> settings,
            Set<String> namespaces,
            Pods pods,
            Revisions revisions,
            AttemptListener listener,
            Clock clock,
            MeterRegistry meters) {
        this.namespaces = namespaces;
        this.pods = pods;
        this.clock = clock;
        definitions = new Definitions(revisions);
        admissions = new Admissions(jobs, definitions::candidates, definitions::concurrency, clock);
        wakeUps = new JobWakeUps(this::updated, this::deleted);
        deadlines = new Deadlines("job-deadlines", clock, wakeUps::propagateEvent);
        attempts = new AttemptPorts(jobs, pods, listener, clock, deadlines, wakeUps::propagateEvent);
        JobGatherer gatherer = new JobGatherer(definitions, pods, attempts, clock);
        JobDecisions decisions = new JobDecisions(new PodTemplate(settings));
        reconciler = new JobReconciler(
                jobs,
                gatherer,
                decisions,
                new AdmissionRecovery(jobs, gatherer, decisions, admissions),
                admissions,
                new PodCreator(client, pods),
                pods,
                new JobRecorder(client, jobs, attempts, deadlines, new JobEvents(client, clock), meters),
                this::eventSources);
        meters.gauge("podwork.jobs.deadlines", deadlines, Deadlines::size);
        meters.gauge("podwork.jobs.queued", admissions, Admissions::queued);
        meters.gauge("podwork.attempts.reported", attempts, AttemptPorts::size);
    }

    public JobReconciler reconciler() {
        return reconciler;
    }

    /** Whether a job that has not ended asks for this revision of a definition. */
    public boolean askForRevision(String namespace, String revision) {
        return jobs.askForRevision(namespace, revision);
    }

    public AttemptPorts attempts() {
        return attempts;
    }

    @Override
    public void close() {
        deadlines.close();
        admissions.close();
    }

    private List<EventSource<?, Job>> eventSources(EventSourceContext<Job> context) {
        List<EventSource<?, Job>> sources =
                new ArrayList<>(pods.eventSources(context, namespaces, jobs::isActive, jobs::isEnded));
        sources.add(definitions.eventSource(context, jobs, admissions::changed));
        sources.add(admissions.eventSource());
        sources.add(wakeUps);
        return sources;
    }

    private void updated(Job before, Job job) {
        if (jobs.seen(before, job)) {
            // Not at once: two operators whose clocks differ would take turns at writing.
            deadlines.wakeBy(ResourceID.fromResource(job), clock.instant().plus(OTHERS_NEWS));
        }
        // Nothing more is decided about it.
        if (job.isMarkedForDeletion()) {
            admissions.leave(job);
            // One that waits for its dependents to go is not reconciled any more.
            attempts.deleted(job);
        }
        // News of its definition may have come before it was known that the job waits for such again.
        if (Jobs.isQueued(before) && Jobs.isWaiting(job)) {
            wakeUps.propagateEvent(ResourceID.fromResource(job));
        }
    }

    private void deleted(Job job) {
        admissions.leave(job);
        deadlines.cancel(ResourceID.fromResource(job));
        attempts.deleted(job);
        jobs.deleted(job);
    }
}
