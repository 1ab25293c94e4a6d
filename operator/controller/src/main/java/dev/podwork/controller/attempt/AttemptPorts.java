package dev.podwork.controller.attempt;

import dev.podwork.api.Labels;
import dev.podwork.api.job.FlowReference;
import dev.podwork.api.job.Job;
import dev.podwork.controller.deadline.Deadlines;
import dev.podwork.controller.job.Jobs;
import dev.podwork.controller.pod.Pods;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import dev.podwork.core.attempt.EndGrace;
import dev.podwork.core.attempt.ExecuteParams;
import dev.podwork.core.job.Fence;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.ownership.Ownership;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What sessions with pods ask of Jobs, and tell them. Everything is answered from memory. */
public final class AttemptPorts {

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,3}");

    private final Jobs jobs;
    private final Pods pods;
    private final AttemptReports reports;
    private final AttemptListener listener;

    public AttemptPorts(
            Jobs jobs,
            Pods pods,
            AttemptListener listener,
            Clock clock,
            Deadlines deadlines,
            Consumer<ResourceID> wake) {
        this.jobs = jobs;
        this.pods = pods;
        this.listener = listener;
        this.reports = new AttemptReports(clock, deadlines, wake);
    }

    /** The attempt that a pod carries out; empty when there is no such pod, or the name is another pod's by now. */
    public Optional<Attempt> find(String namespace, String podName, String podUid) {
        return pods.get(namespace, podName)
                .filter(pod -> podUid.equals(pod.getMetadata().getUid()))
                .flatMap(pod -> Pods.jobOf(pod)
                        .flatMap(jobs::get)
                        .filter(job -> Ownership.isControlledBy(pod, job))
                        .flatMap(job -> attempt(pod, job)));
    }

    /** Takes what is heard of an attempt; {@link AttemptListener#recorded} follows once it is in the Job's status. */
    public void report(AttemptReport report) {
        ResourceID id = idOf(report.key());
        boolean current =
                jobs.get(id).filter(job -> isCurrent(job, report.key())).isPresent();
        if (current) {
            reports.take(id, report);
        } else {
            listener.recorded(report.key(), report.sequence(), end(report.key()));
        }
    }

    /** The latest report of a job's current attempt. */
    public Optional<AttemptReport> latest(Job job) {
        return reports.of(ResourceID.fromResource(job))
                .filter(report -> Fence.isCurrent(
                        JobSnapshot.statusOf(job),
                        report.key().number(),
                        report.key().podUid()));
    }

    /** This much of what the report tells is in the Job's status now. */
    public void recorded(AttemptReport report, long sequence, boolean over) {
        if (over) {
            reports.forget(idOf(report.key()));
        }
        listener.recorded(report.key(), sequence, over ? end(report.key()) : null);
    }

    /** A pod's attempt is over, and nothing was heard of it. */
    public void over(Job job, Pod pod) {
        attempt(pod, job).ifPresent(attempt -> listener.recorded(attempt.key(), 0, end(attempt.key())));
    }

    /** The Job is gone, or going: there is nothing left to record, and its worker must stop. */
    public void deleted(Job job) {
        ResourceID id = ResourceID.fromResource(job);
        reports.of(id).ifPresent(report -> {
            reports.forget(id);
            listener.recorded(report.key(), report.sequence(), AttemptEnd.DELETED);
        });
    }

    /** What session there is with a pod's worker at this moment. */
    public Optional<Contact> contact(Pod pod) {
        return listener.contact(pod.getMetadata().getUid());
    }

    /** How many jobs' reports are held. */
    public int size() {
        return reports.size();
    }

    /** A session may outlive its Job, and another Job may have that name by now: so it is the pod that tells. */
    private boolean isCurrent(Job job, AttemptKey key) {
        if (Fence.isOver(job, key.number(), key.podUid())) {
            return false;
        }
        boolean known = Fence.recorded(JobSnapshot.statusOf(job), key.podUid()).isPresent()
                || latest(job).filter(report -> report.key().equals(key)).isPresent();
        return known
                || pods.get(key.namespace(), key.podName())
                        .filter(pod -> key.podUid().equals(pod.getMetadata().getUid()))
                        .filter(pod -> Ownership.isControlledBy(pod, job))
                        .isPresent();
    }

    /** Empty when somebody has taken the pod's labels away. */
    private static Optional<Attempt> attempt(Pod pod, Job job) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        String worker = labels.get(Labels.WORKER);
        String number = labels.get(Labels.ATTEMPT);
        return worker == null || number == null || !NUMBER.matcher(number).matches()
                ? Optional.empty()
                : Optional.of(attempt(pod, job, worker, Integer.parseInt(number)));
    }

    /** Why the attempt is over, as its Job has it. */
    private AttemptEnd end(AttemptKey key) {
        return jobs.get(idOf(key)).map(job -> AttemptEnd.of(job, key.podUid())).orElse(AttemptEnd.DELETED);
    }

    private static Attempt attempt(Pod pod, Job job, String worker, int number) {
        String uid = pod.getMetadata().getUid();
        FlowReference flow = job.getSpec().flow();
        return new Attempt(
                new AttemptKey(
                        pod.getMetadata().getNamespace(),
                        job.getMetadata().getName(),
                        number,
                        pod.getMetadata().getName(),
                        uid),
                ExecuteParams.of(job, worker, number),
                flow == null ? null : flow.id(),
                Ownership.of(job),
                Fence.recorded(JobSnapshot.statusOf(job), uid).orElse(null),
                Fence.isOver(job, number, uid) ? AttemptEnd.of(job, uid) : null,
                EndGrace.of(pod));
    }

    private static ResourceID idOf(AttemptKey key) {
        return new ResourceID(key.job(), key.namespace());
    }
}
