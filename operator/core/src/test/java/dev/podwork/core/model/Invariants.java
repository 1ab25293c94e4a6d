package dev.podwork.core.model;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.job.Fence;
import dev.podwork.core.job.JobSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What must be true of every history, whatever happens in it. */
final class Invariants {

    private static final int KEPT = 10;
    private static final Set<String> NOBODY_TOLD = Set.of(
            Reasons.CANCELLED,
            Reasons.START_TIMEOUT,
            Reasons.ATTEMPT_TIMEOUT,
            Reasons.IDLE_TIMEOUT,
            Reasons.TOTAL_TIMEOUT);

    private final World world;
    private final Scenario scenario;
    /** How many attempts of the present job were recorded as failed, by whose failure it was. */
    private String counted = "";

    private int own;
    private int infrastructure;
    private int ignored;

    Invariants(World world) {
        this.world = world;
        this.scenario = world.scenario;
    }

    /** A write of a Job's status that the API server is about to take. */
    void statusWritten(Job job, JobStatus after) {
        JobStatus before = JobSnapshot.statusOf(job);
        require(
                before.phase() == null || !before.phase().isTerminal(),
                () -> "a job that has ended is not written again: it was %s, and now %s"
                        .formatted(before.phase(), after.phase()));
        attemptsGoOn(before, after);
        count(Memory.uid(job), before, after);
        boolean works = JobSnapshot.knownPodUid(after, null).isPresent()
                && attempt(after).filter(last -> last.startedAt() != null).isPresent();
        require(
                (after.phase() == Phase.RUNNING) == works
                        || after.phase() == null
                        || after.phase().isTerminal(),
                () -> "the phase is %s, and %s"
                        .formatted(after.phase(), works ? "a worker has the job" : "none has the job"));
        boolean terminal = after.phase() != null && after.phase().isTerminal();
        boolean cancelled = job.getSpec().isCancelled();
        require(
                after.phase() != Phase.RETRYING || !cancelled,
                () -> "a cancelled job is not tried again, but ends as its worker told, or as Cancelled");
        if (terminal) {
            ends(after, cancelled);
        }
        if (after.phase() == Phase.RETRYING) {
            require(
                    own < scenario.attempts(),
                    () -> "%d attempts failed of %d, and yet another".formatted(own, scenario.attempts()));
            require(
                    infrastructure <= scenario.forgivenPods(),
                    () -> "%d pods were lost, %d are forgiven, and yet another"
                            .formatted(infrastructure, scenario.forgivenPods()));
        }
    }

    /** What a session told of an attempt's end counts before all else, as long as nothing is recorded. */
    void decided(JobSnapshot snapshot, JobStatus after) {
        AttemptReport report = snapshot.report();
        boolean ended =
                snapshot.status().phase() != null && snapshot.status().phase().isTerminal();
        if (ended || report == null || report.outcome() == null) {
            return;
        }
        boolean told = attempt(after)
                .filter(last -> report.key().podUid().equals(last.podUid()) && last.endedAt() != null)
                .filter(last -> !NOBODY_TOLD.contains(String.valueOf(last.reason())))
                .isPresent();
        require(told, () -> "the worker told %s, and its job becomes %s".formatted(report.outcome(), after));
    }

    /** Numbers rise strictly, what has ended stays as it ended, the latest are kept, and nobody takes another's place. */
    private static void attemptsGoOn(JobStatus before, JobStatus after) {
        List<AttemptStatus> attempts = after.attempts();
        require(attempts.size() <= KEPT, () -> "%d attempts are kept".formatted(attempts.size()));
        for (int i = 1; i < attempts.size(); i++) {
            require(
                    attempts.get(i).number() == attempts.get(i - 1).number() + 1,
                    () -> "attempts are numbered %s".formatted(attempts));
        }
        for (AttemptStatus was : before.attempts()) {
            Optional<AttemptStatus> is = attempts.stream()
                    .filter(attempt -> attempt.number() == was.number())
                    .findFirst();
            require(is.isPresent() || attempts.size() == KEPT, () -> "attempt %d is forgotten".formatted(was.number()));
            is.ifPresent(now -> {
                require(
                        Objects.equals(now.podUid(), was.podUid()),
                        () -> "attempt %d has another pod".formatted(was.number()));
                require(
                        was.endedAt() == null || sameEnd(was, now),
                        () -> "attempt %s ended otherwise: %s".formatted(was, now));
            });
        }
    }

    private static boolean sameEnd(AttemptStatus was, AttemptStatus is) {
        return Objects.equals(was.endedAt(), is.endedAt())
                && Objects.equals(was.reason(), is.reason())
                && Objects.equals(was.exitCode(), is.exitCode());
    }

    private void count(String job, JobStatus before, JobStatus after) {
        if (!job.equals(counted)) {
            counted = job;
            own = 0;
            infrastructure = 0;
            ignored = 0;
        }
        for (AttemptStatus attempt : after.attempts()) {
            boolean news = before.attempts().stream()
                    .noneMatch(was -> was.number() == attempt.number() && was.endedAt() != null);
            if (attempt.endedAt() == null || !news) {
                continue;
            }
            if (isIgnored(attempt)) {
                ignored++;
            } else if (attempt.failureClass() == FailureClass.INFRASTRUCTURE) {
                infrastructure++;
            } else {
                own++;
            }
            itsOwn(attempt);
        }
    }

    /** A rule says so; or it did not fail at all, but was stopped because its job was suspended. */
    private boolean isIgnored(AttemptStatus attempt) {
        return Reasons.SUSPENDED.equals(attempt.reason())
                || (scenario.ignores() && Objects.equals(attempt.exitCode(), Scenario.IGNORED));
    }

    /** What is recorded of an attempt is what that attempt's worker told, and no other's. */
    private static void itsOwn(AttemptStatus attempt) {
        String uid = String.valueOf(attempt.podUid());
        require(
                !Reasons.WORKER_ERROR.equals(attempt.reason())
                        || String.valueOf(attempt.message()).startsWith(uid + ":"),
                () -> "attempt of %s is said to have failed so: %s".formatted(uid, attempt.message()));
        require(
                attempt.stderrTail().stream().allMatch(uid::equals),
                () -> "attempt of %s has the stderr of %s".formatted(uid, attempt.stderrTail()));
    }

    private void ends(JobStatus after, boolean cancelled) {
        Optional<PodRun> run = attempt(after).map(attempt -> world.pod(String.valueOf(attempt.podUid())));
        if (after.phase() == Phase.SUCCEEDED) {
            Worker worker = run.orElseThrow(() -> new Violation("a success without an attempt")).worker;
            require(
                    worker.outcome instanceof Outcome.Result,
                    () -> "a success though its worker told %s".formatted(worker.outcome));
            require(
                    TextNode.valueOf(run.get().uid).equals(after.result()),
                    () -> "the result of %s is recorded for %s".formatted(after.result(), run.get().uid));
            require(
                    run.get().cutShort || attempt(after).orElseThrow().emits().equals(worker.emits),
                    () -> "%s emitted %s, and recorded are %s"
                            .formatted(
                                    run.get().uid,
                                    worker.emits,
                                    attempt(after).orElseThrow().emits()));
        }
        require(
                !cancelled
                        || after.phase() == Phase.CANCELLED
                        || run.filter(pod -> pod.worker.outcome != null).isPresent(),
                () -> "a cancelled job ended as %s, which no worker told".formatted(after.reason()));
    }

    /**
     * A pod that the API server has let in.
     *
     * @param on what whoever made it knew
     */
    void made(PodRun run, JobSnapshot on) {
        require(!on.job().getSpec().isCancelled(), () -> "%s is made for a job that is cancelled".formatted(run.uid));
        require(!on.job().getSpec().isSuspended(), () -> "%s is made for a job that is suspended".formatted(run.uid));
        require(
                scenario.notBefore() == null || !on.now().isBefore(scenario.notBefore()),
                () -> "%s is made before its job may start".formatted(run.uid));
        // By the clock of whoever decided, as it was then: it may have jumped since.
        long decided = Duration.between(World.instant(0), on.now()).toMillis();
        for (PodRun other : world.pods) {
            boolean before = other.jobUid.equals(run.jobUid) && other.attempt < run.attempt;
            boolean mayWork = other.present && !isKnownToBeOver(other) && hadItsTurn(other);
            other.givenUp |= before && other.isPresumedGone(decided);
            require(
                    !before || !mayWork || other.givenUp,
                    () -> "%s is made while the worker of %s may still work".formatted(run.uid, other.uid));
        }
        int most = scenario.attempts() + scenario.forgivenPods() + ignored;
        require(run.attempt <= most, () -> "attempt %d is made, and there are %d".formatted(run.attempt, most));
    }

    /** A pod that an operator made when its attempt was over already will never have the job. */
    private boolean hadItsTurn(PodRun pod) {
        Job job = world.api.job();
        return pod.worker.given
                || (job != null
                        && Fence.recorded(JobSnapshot.statusOf(job), pod.uid).isPresent());
    }

    private static boolean isKnownToBeOver(PodRun pod) {
        return pod.terminated != null || pod.failure != null;
    }

    /** A worker that has just been given the job: no other has it, but on a node that nobody reaches any more. */
    void given(PodRun run) {
        for (PodRun other : world.pods) {
            boolean works = other != run && other.jobUid.equals(run.jobUid) && other.worker.given && !other.worker.gone;
            boolean outOfReach = other.nodeLost && !other.present;
            require(
                    !works || outOfReach || other.givenUp,
                    () -> "%s has the job while %s has it too".formatted(run.uid, other.uid));
        }
        long times = world.pods.stream()
                .filter(pod -> pod.jobUid.equals(run.jobUid) && pod.worker.given)
                .count();
        int most = scenario.attempts() + scenario.forgivenWorkers() + ignored;
        require(
                times <= most,
                () -> "the job is given away %d times, and there are %d attempts".formatted(times, most));
    }

    /** What a shim may forget stands in the Job's status. */
    void forgotten(PodRun run) {
        Job job = world.api.job();
        if (job != null && Memory.uid(job).equals(run.jobUid)) {
            long recorded = Fence.recorded(JobSnapshot.statusOf(job), run.uid)
                    .map(AttemptStatus::acknowledged)
                    .orElse(0L);
            require(
                    run.worker.forgotten <= recorded,
                    () -> "the shim of %s forgets up to %d, and up to %d is recorded"
                            .formatted(run.uid, run.worker.forgotten, recorded));
        }
    }

    /** Faults have stopped, and all timers have fired. */
    void atRest() {
        Job job = world.api.job();
        if (job == null) {
            return;
        }
        JobStatus status = JobSnapshot.statusOf(job);
        if (!Memory.isEnded(job)) {
            require(
                    isHeld(job),
                    () -> "the job is stuck in %s, %s: %s"
                            .formatted(status.phase(), status.reason(), status.message()));
            return;
        }
        for (PodRun pod : world.pods) {
            boolean works = pod.worker.given && !pod.worker.gone && !pod.nodeLost;
            require(!works, () -> "the worker of %s still works, and its job has ended".formatted(pod.uid));
        }
    }

    private boolean isHeld(Job job) {
        boolean suspended = job.getSpec().isSuspended()
                && Reasons.SUSPENDED.equals(JobSnapshot.statusOf(job).reason());
        boolean notReady = world.api.definition() != null
                && !"True"
                        .equals(world.api
                                .definition()
                                .getStatus()
                                .conditions()
                                .get(0)
                                .getStatus())
                && Reasons.WORKER_NOT_READY.equals(JobSnapshot.statusOf(job).reason());
        return suspended || notReady;
    }

    private static Optional<AttemptStatus> attempt(JobStatus status) {
        List<AttemptStatus> attempts = status.attempts();
        return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.get(attempts.size() - 1));
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new Violation(otherwise.get());
        }
    }
}
