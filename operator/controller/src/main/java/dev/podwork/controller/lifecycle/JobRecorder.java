package dev.podwork.controller.lifecycle;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.controller.attempt.AttemptPorts;
import dev.podwork.controller.deadline.Deadlines;
import dev.podwork.controller.job.Jobs;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.job.Fence;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.job.Notice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a decision last: one write of the status, or none, and then everybody who waits for it is told. */
final class JobRecorder {

    private static final Logger log = LoggerFactory.getLogger(JobRecorder.class);

    private final KubernetesClient client;
    private final Jobs jobs;
    private final AttemptPorts attempts;
    private final Deadlines deadlines;
    private final JobEvents events;
    private final MeterRegistry meters;

    JobRecorder(
            KubernetesClient client,
            Jobs jobs,
            AttemptPorts attempts,
            Deadlines deadlines,
            JobEvents events,
            MeterRegistry meters) {
        this.client = client;
        this.jobs = jobs;
        this.attempts = attempts;
        this.deadlines = deadlines;
        this.events = events;
        this.meters = meters;
    }

    void record(JobSnapshot snapshot, JobDecision decision) {
        Job job = snapshot.job();
        boolean news = !decision.status().equals(snapshot.status());
        boolean ended =
                decision.status().phase() != null && decision.status().phase().isTerminal();
        boolean over = decision.endsAttempt(snapshot.status());
        // What was deleted before its status was written has no status: no worker may begin on the strength of it.
        if (news && !write(job, decision.status())) {
            return;
        }
        tell(snapshot, decision.status(), over);
        ResourceID id = ResourceID.fromResource(job);
        if (ended) {
            deadlines.cancel(id);
        }
        Optional.ofNullable(decision.revisit()).ifPresent(at -> deadlines.wakeBy(id, at));
        if (news) {
            Notice.of(snapshot.status(), decision.status()).ifPresent(notice -> events.emit(job, notice));
        }
        if (news && ended) {
            count(decision.status());
        }
    }

    /** A session that has not reported yet must not begin what is over; one that has must know how much of it is safe. */
    private void tell(JobSnapshot snapshot, JobStatus status, boolean over) {
        AttemptReport report = snapshot.report();
        if (report != null && (over || Fence.isStarted(status, report.key()))) {
            attempts.recorded(report, Fence.acknowledged(status, report.key()), over);
        } else if (report == null && over && snapshot.pod() != null) {
            attempts.over(snapshot.job(), snapshot.pod());
        }
    }

    /**
     * With the version that the decision was made on: if anybody else wrote since, the API server refuses it.
     *
     * @return whether the job is still there
     */
    private boolean write(Job job, JobStatus status) {
        Job changed = new Job();
        changed.setMetadata(job.getMetadata());
        changed.setSpec(job.getSpec());
        changed.setStatus(status);
        try {
            jobs.write(changed, () -> client.resource(changed).updateStatus());
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
            log.debug("Job {} was deleted before its status was written", ResourceID.fromResource(job));
            return false;
        }
    }

    private void count(JobStatus status) {
        meters.counter(
                        "podwork.jobs.ended",
                        "phase",
                        String.valueOf(status.phase()),
                        "reason",
                        String.valueOf(status.reason()))
                .increment();
    }
}
