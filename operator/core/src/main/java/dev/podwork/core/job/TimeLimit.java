package dev.podwork.core.job;

import dev.podwork.api.attempt.GoDuration;
import dev.podwork.api.attempt.Timeouts;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.limit.Limits;
import dev.podwork.core.pod.PodTrouble;
import dev.podwork.core.pod.StartStage;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A clock that runs for a job. All of them start at moments that are recorded, so that they mean the same after a restart; but for
 * how long nothing was heard, nobody knows of the time that an operator was away.
 *
 * @param due when the limit passes
 * @param message what to say then
 */
record TimeLimit(String reason, Instant due, String message) {

    /** After a start of the operator, what sessions have to tell of the meantime comes first. */
    private static final Duration RECONNECTION = Duration.ofSeconds(10);

    private static final Set<String> OF_THE_IMAGE = Set.of(Reasons.IMAGE, Reasons.CONTAINER);

    private static final String NO_POD = "the job did not get a pod in time";

    /** The one that passes first of those that run now. */
    static Optional<TimeLimit> next(JobSnapshot snapshot) {
        return isSuspended(snapshot) ? Optional.empty() : running(snapshot);
    }

    /** No clock runs meanwhile: what counts from when the job may start begins anew. */
    private static boolean isSuspended(JobSnapshot snapshot) {
        JobSpec spec = snapshot.job().getSpec();
        return snapshot.pod() == null
                && ((spec != null && spec.isSuspended())
                        || Reasons.SUSPENDED.equals(snapshot.status().reason()));
    }

    private static Optional<TimeLimit> running(JobSnapshot snapshot) {
        WorkerDefinition worker = snapshot.worker();
        Timeouts timeouts =
                Limits.of(snapshot.job().getSpec(), worker == null ? null : worker.getSpec(), snapshot.pod());
        return Stream.concat(total(snapshot, timeouts).stream(), current(snapshot, timeouts))
                .min(Comparator.comparing(TimeLimit::due));
    }

    private static Optional<TimeLimit> total(JobSnapshot snapshot, Timeouts timeouts) {
        return GoDuration.parse(timeouts.total())
                .map(limit -> new TimeLimit(
                        Reasons.TOTAL_TIMEOUT,
                        snapshot.heardBy(snapshot.queuedAt().plus(limit), RECONNECTION),
                        "Job timeout after %dms in all".formatted(limit.toMillis())));
    }

    private static Stream<TimeLimit> current(JobSnapshot snapshot, Timeouts timeouts) {
        Pod pod = snapshot.pod();
        if (pod == null) {
            return queue(snapshot, timeouts).stream();
        }
        Instant started =
                Attempts.current(snapshot).map(AttemptStatus::startedAt).orElse(null);
        return started == null
                ? start(snapshot, timeouts, pod).stream()
                : Stream.of(attempt(snapshot, timeouts, started), idle(snapshot, timeouts, started))
                        .flatMap(Optional::stream);
    }

    private static Optional<TimeLimit> queue(JobSnapshot snapshot, Timeouts timeouts) {
        String cause = Objects.requireNonNullElse(snapshot.status().message(), NO_POD);
        return GoDuration.parse(timeouts.queue())
                .map(limit -> new TimeLimit(
                        Reasons.QUEUE_TIMEOUT,
                        snapshot.waitsSince().plus(limit),
                        "Queue timeout after %dms: %s".formatted(limit.toMillis(), cause)));
    }

    private static Optional<TimeLimit> start(JobSnapshot snapshot, Timeouts timeouts, Pod pod) {
        Instant created = Instant.parse(pod.getMetadata().getCreationTimestamp());
        return GoDuration.parse(timeouts.start())
                .map(limit -> new TimeLimit(
                        startReason(pod),
                        snapshot.heardBy(created.plus(limit), RECONNECTION),
                        "Start timeout after %dms: %s".formatted(limit.toMillis(), startStage(snapshot, pod))));
    }

    /** What the image is to blame for is not the time's failure: another try would end the same. */
    private static String startReason(Pod pod) {
        return PodTrouble.of(pod)
                .map(PodTrouble::reason)
                .filter(OF_THE_IMAGE::contains)
                .orElse(Reasons.START_TIMEOUT);
    }

    private static String startStage(JobSnapshot snapshot, Pod pod) {
        return PodTrouble.of(pod)
                .filter(trouble -> trouble.isToldBetterBy(snapshot.status().reason()))
                .map(trouble -> "pod %s did not start: %s"
                        .formatted(snapshot.podName(), snapshot.status().message()))
                .orElseGet(() -> StartStage.of(pod));
    }

    private static Optional<TimeLimit> attempt(JobSnapshot snapshot, Timeouts timeouts, Instant started) {
        return GoDuration.parse(timeouts.attempt())
                .map(limit -> new TimeLimit(
                        Reasons.ATTEMPT_TIMEOUT,
                        snapshot.heardBy(started.plus(limit), RECONNECTION),
                        "Worker timeout after %dms".formatted(limit.toMillis())));
    }

    private static Optional<TimeLimit> idle(JobSnapshot snapshot, Timeouts timeouts, Instant started) {
        Instant heard = heardAt(snapshot);
        Instant since = heard.isAfter(started) ? heard : started;
        return GoDuration.parse(timeouts.idle())
                .map(limit -> new TimeLimit(
                        Reasons.IDLE_TIMEOUT,
                        snapshot.heardBy(since.plus(limit), RECONNECTION),
                        "Worker sent nothing for %dms".formatted(limit.toMillis())));
    }

    /** When the worker was last heard of, or could have been. A session that this operator had, and lost, will be there again. */
    private static Instant heardAt(JobSnapshot snapshot) {
        if (snapshot.contact() != null) {
            return snapshot.contact().heardAt();
        }
        return snapshot.report() == null ? snapshot.watching() : snapshot.now();
    }
}
