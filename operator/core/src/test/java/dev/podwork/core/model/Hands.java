package dev.podwork.core.model;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.job.Fence;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.job.PodCreation;
import dev.podwork.core.ownership.Ownership;
import dev.podwork.core.pod.TrimmedPod;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What an operator does to the API server, as the real one's PodCreator, Pods and JobRecorder do it. */
final class Hands {

    private static final Duration ASKED_AGAIN = Duration.ofSeconds(2);

    private final World world;
    private final Operator operator;

    Hands(World world, Operator operator) {
        this.world = world;
        this.operator = operator;
    }

    PodCreation create(JobSnapshot snapshot, Pod wanted) {
        try {
            return created(asked(() -> world.admit(wanted, snapshot)));
        } catch (Refusal refusal) {
            return switch (refusal.why()) {
                case FORBIDDEN -> refused();
                case EXISTS -> existing(snapshot.job(), wanted, refusal);
                default -> throw refusal;
            };
        }
    }

    /** A worker's jobs take turns at asking again; this is the only one. */
    private PodCreation refused() {
        operator.wakeBy(operator.now().plus(ASKED_AGAIN));
        return new PodCreation.Refused("the API server's words");
    }

    private PodCreation existing(Job job, Pod wanted, Refusal refusal) {
        Pod existing = Optional.ofNullable(
                        world.api.podsByName.get(wanted.getMetadata().getName()))
                .orElseThrow(() -> refusal);
        return Ownership.isControlledBy(existing, job)
                ? created(existing)
                : new PodCreation.Conflict("somebody else's");
    }

    private PodCreation created(Pod pod) {
        Pod cached = operator.memory.pods.get(pod.getMetadata().getName());
        if (cached == null || Memory.version(cached) < Memory.version(pod)) {
            operator.memory.pods.put(pod.getMetadata().getName(), TrimmedPod.of(pod));
        }
        return new PodCreation.Created(pod);
    }

    void remove(Pod pod) {
        asked(() -> {
            Pod present = world.api.podsByName.get(pod.getMetadata().getName());
            if (present == null) {
                return pod;
            }
            if (!present.getMetadata()
                    .getResourceVersion()
                    .equals(pod.getMetadata().getResourceVersion())) {
                throw new Refusal(Refusal.Cause.CONFLICT);
            }
            world.pod(Memory.uid(present)).delete(World.GRACE);
            return pod;
        });
    }

    void record(JobSnapshot snapshot, JobDecision decision) {
        JobStatus status = decision.status();
        boolean ended = status.phase() != null && status.phase().isTerminal();
        boolean over = ended || JobSnapshot.attemptNumber(status) != JobSnapshot.attemptNumber(snapshot.status());
        if (!status.equals(snapshot.status()) && !write(snapshot.job(), status)) {
            return;
        }
        AttemptReport report = snapshot.report();
        if (report != null && (over || Fence.isStarted(status, report.key()))) {
            operator.recorded(report.key().podUid(), Fence.acknowledged(status, report.key()), over);
        } else if (report == null && over && snapshot.pod() != null) {
            operator.recorded(Memory.uid(snapshot.pod()), 0, true);
        }
        if (ended) {
            operator.forgetTimer();
        }
        Optional.ofNullable(decision.revisit()).ifPresent(operator::wakeBy);
    }

    private boolean write(Job job, JobStatus status) {
        try {
            operator.memory.written = asked(() -> world.api.writeStatus(job, status));
            world.note(() -> "%s has written %s".formatted(operator, Decision.of(status)));
            return true;
        } catch (Refusal refusal) {
            if (refusal.why() != Refusal.Cause.NOT_FOUND) {
                throw refusal;
            }
            return false;
        }
    }

    /** A request may be lost on its way, and so may its answer. */
    private <T> T asked(Supplier<T> request) {
        if (world.fails()) {
            throw new Refusal(Refusal.Cause.UNREACHABLE);
        }
        T answer = request.get();
        if (world.fails()) {
            throw new Refusal(Refusal.Cause.UNREACHABLE);
        }
        return answer;
    }
}
