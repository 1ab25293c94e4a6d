package dev.podwork.core.model;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.core.admission.Admission;
import dev.podwork.core.admission.WorkerKey;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import dev.podwork.core.job.Fence;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobPods;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.ownership.Ownership;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An operator's process. It gathers, decides, acts and records as the real one does, but stops between any two of these for
 * whatever else happens, and may lose its memory there. Its clock may be wrong.
 */
final class Operator {

    private static final Duration COALESCED = Duration.ofSeconds(1);

    private final World world;
    private final String name;
    private final Function<JobSnapshot, JobDecision> decisions;
    private final Informer informer;
    private final Hands hands;

    boolean up;
    long skew;
    Memory memory = new Memory(Instant.EPOCH);

    Operator(World world, String name, Function<JobSnapshot, JobDecision> decisions) {
        this.world = world;
        this.name = name;
        this.decisions = decisions;
        this.informer = new Informer(world.api, this);
        this.hands = new Hands(world, this);
    }

    Informer informer() {
        return informer;
    }

    Instant now() {
        return World.instant(world.now + skew);
    }

    void start() {
        up = true;
        memory = new Memory(now());
        informer.list(memory);
        world.note(() -> "%s starts".formatted(name));
    }

    void dies() {
        up = false;
        memory = new Memory(Instant.EPOCH);
        world.note(() -> "%s dies".formatted(name));
    }

    /** What the next step would be; false when there is none. */
    boolean hasWork() {
        return up && (memory.next != null || (memory.woken && memory.newest() != null));
    }

    /** One step; what fails is tried again from the beginning. */
    void step() {
        Runnable next = memory.next;
        memory.next = null;
        try {
            if (next != null) {
                next.run();
            } else {
                memory.woken = false;
                decide(Objects.requireNonNull(memory.newest()));
            }
        } catch (Refusal refusal) {
            world.note(() -> "%s fails: %s".formatted(name, refusal.getMessage()));
            memory.woken = true;
        }
    }

    private void decide(Job job) {
        JobSnapshot snapshot = snapshot(job);
        JobDecision decision = decisions.apply(snapshot);
        world.note(() -> "%s decides on version %s: %s"
                .formatted(name, job.getMetadata().getResourceVersion(), Decision.of(decision)));
        Pod wanted = decision.pod();
        if (wanted != null) {
            memory.next = () -> {
                JobSnapshot tried = snapshot.after(hands.create(snapshot, wanted));
                JobDecision after = decisions.apply(tried);
                world.note(() -> "%s has tried, and decides: %s".formatted(name, Decision.of(after)));
                recordAndRemove(tried, after);
            };
        } else {
            recordAndRemove(snapshot, decision);
        }
    }

    /** Why a pod is deleted must be known before its end is seen. */
    private void recordAndRemove(JobSnapshot snapshot, JobDecision decision) {
        world.invariants.decided(snapshot, decision.status());
        Pod left = decision.remove();
        memory.next = () -> {
            hands.record(snapshot, decision);
            if (left != null) {
                memory.next = () -> hands.remove(left);
            }
        };
    }

    private JobSnapshot snapshot(Job job) {
        JobPods pods = new JobPods(
                job,
                pod -> Optional.ofNullable(memory.pods.get(pod)),
                pod -> Optional.ofNullable(world.api.podsByName.get(pod)));
        AttemptReport report = memory.report;
        boolean ofCurrent = report != null
                && Fence.isCurrent(
                        JobSnapshot.statusOf(job),
                        report.key().number(),
                        report.key().podUid());
        AttemptReport heard = ofCurrent ? report : null;
        Pod pod = pods.current(heard).orElse(null);
        return new JobSnapshot(
                job,
                JobSnapshot.statusOf(job),
                memory.definition,
                pod,
                pod == null ? null : memory.endSeen(pod, now()),
                heard,
                // Its definition has no limit.
                new Admission.Admitted(new WorkerKey("ns", "w")),
                null,
                pods.superseded().orElse(null),
                pod == null ? null : contact(Memory.uid(pod)),
                memory.watching,
                now());
    }

    private @Nullable Contact contact(String podUid) {
        Session session = memory.sessions.get(podUid);
        return session == null ? null : session.contact();
    }

    void wakeBy(Instant at) {
        if (memory.wakeBy == null || at.isBefore(memory.wakeBy)) {
            memory.wakeBy = at;
            memory.timer = world.now + Math.max(0, Duration.between(now(), at).toMillis()) + 1;
        }
    }

    void forgetTimer() {
        memory.wakeBy = null;
        memory.timer = PodRun.NEVER;
    }

    void timeHasCome() {
        if (up && memory.timer <= world.now) {
            forgetTimer();
            memory.woken = true;
        }
    }

    void jobDeleted() {
        forgetTimer();
        AttemptReport report = memory.report;
        if (report != null) {
            recorded(report.key().podUid(), report.sequence(), true);
        }
        memory.written = null;
    }

    /** Whether a pod's relay has something for it that it has not heard. */
    boolean hasNewsOf(PodRun run) {
        Session session = memory.sessions.get(run.uid);
        return session == null || session.isBehind();
    }

    /** A pod's relay connects, or tells more over the connection that it has; as much as gets through. */
    void hears(PodRun run, long most) {
        Session session = memory.sessions.get(run.uid);
        if (session == null) {
            session = open(run);
        }
        if (session != null && session.isOpen(now())) {
            session.hear(most);
            report(session.report());
        }
    }

    private @Nullable Session open(PodRun run) {
        Job job = memory.newest();
        Pod pod = memory.pods.get(run.made.getMetadata().getName());
        if (job == null || pod == null || !Memory.uid(pod).equals(run.uid) || !Ownership.isControlledBy(pod, job)) {
            return null;
        }
        Optional<AttemptStatus> recorded = Fence.recorded(JobSnapshot.statusOf(job), run.uid);
        AttemptKey key = new AttemptKey(
                World.NAMESPACE, World.JOB, run.attempt, run.made.getMetadata().getName(), run.uid);
        Session session = new Session(run, key, recorded, now());
        memory.sessions.put(run.uid, session);
        world.note(() -> "%s has a session with %s".formatted(name, run.uid));
        if (Fence.isOver(job, run.attempt, run.uid)) {
            session.recorded(0, true);
        } else if (recorded.map(AttemptStatus::startedAt).isPresent()) {
            world.give(run);
        }
        return session;
    }

    private void report(AttemptReport report) {
        Job job = memory.newest();
        if (job == null || Fence.isOver(job, report.key().number(), report.key().podUid()) || !isOf(job, report)) {
            recorded(report.key().podUid(), report.sequence(), true);
            return;
        }
        boolean first = memory.report == null;
        memory.report = report;
        world.note(() ->
                "%s hears from %s: %d %s".formatted(name, report.key().podUid(), report.sequence(), report.outcome()));
        if (first || report.outcome() != null) {
            memory.woken = true;
        } else {
            wakeBy(now().plus(COALESCED));
        }
    }

    private boolean isOf(Job job, AttemptReport report) {
        Pod pod = memory.pods.get(report.key().podName());
        return Fence.recorded(JobSnapshot.statusOf(job), report.key().podUid()).isPresent()
                || (memory.report != null && memory.report.key().equals(report.key()))
                || (pod != null && Memory.uid(pod).equals(report.key().podUid()) && Ownership.isControlledBy(pod, job));
    }

    void recorded(String podUid, long sequence, boolean over) {
        AttemptReport report = memory.report;
        if (over && report != null && report.key().podUid().equals(podUid)) {
            memory.report = null;
        }
        Session session = memory.sessions.get(podUid);
        if (session != null) {
            session.recorded(sequence, over);
            if (!over) {
                world.give(session.run);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
