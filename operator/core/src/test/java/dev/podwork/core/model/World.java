package dev.podwork.core.model;

import dev.podwork.api.job.Job;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything there is, and the time. */
final class World {

    static final String NAMESPACE = "ns";
    static final String JOB = "j";
    /** What a deleted pod has to end. */
    static final long GRACE = 30_000;

    private static final Instant BEGINNING = Instant.parse("2026-05-01T10:00:00Z");
    /** How often a request fails while faults happen: its way there, or its answer's way back. */
    private static final double LOST = 0.04;

    final SplittableRandom random;
    final Scenario scenario;
    final Invariants invariants;
    final ApiServer api;
    final List<PodRun> pods = new ArrayList<>();
    final List<Operator> operators;
    private final @Nullable Consumer<String> trace;
    boolean faulty = true;
    long now;
    private int jobs;

    World(long seed, Function<JobSnapshot, JobDecision> decisions, @Nullable Consumer<String> trace) {
        this.random = new SplittableRandom(seed);
        this.trace = trace;
        this.scenario = Scenario.random(random);
        this.invariants = new Invariants(this);
        this.api = new ApiServer(invariants);
        this.operators = List.of(new Operator(this, "A", decisions), new Operator(this, "B", decisions));
        note(() -> String.valueOf(scenario));
        api.define(random.nextInt(10) == 0 ? null : scenario.definition(true, 1));
        createJob();
        operators.get(0).start();
        if (random.nextInt(3) == 0) {
            operators.get(1).start();
        }
    }

    static Instant instant(long millis) {
        return BEGINNING.plusMillis(millis);
    }

    /** As the API server writes times. */
    static String seconds(long millis) {
        return instant(millis / 1000 * 1000).toString();
    }

    void note(Supplier<String> what) {
        if (trace != null) {
            trace.accept("%9d  %s".formatted(now, what.get()));
        }
    }

    boolean fails() {
        return faulty && random.nextDouble() < LOST;
    }

    void createJob() {
        Job job = new Job();
        job.getMetadata().setName(JOB);
        job.getMetadata().setNamespace(NAMESPACE);
        job.getMetadata().setUid("job-" + ++jobs);
        job.getMetadata().setCreationTimestamp(seconds(now));
        job.setSpec(scenario.spec());
        api.create(job);
    }

    Pod admit(Pod wanted, JobSnapshot on) {
        PodRun run = new PodRun(this, PodObjects.made(wanted, "pod-" + (pods.size() + 1), seconds(now)));
        Pod pod = PodObjects.of(run);
        api.admit(pod);
        note(() -> "pod %s is made as %s".formatted(run.uid, pod.getMetadata().getName()));
        pods.add(run);
        invariants.made(run, on);
        return pod;
    }

    void give(PodRun run) {
        if (!run.worker.given && !run.worker.gone) {
            note(() -> "%s has the job".formatted(run.uid));
            run.worker.given = true;
            invariants.given(run);
        }
    }

    PodRun pod(String uid) {
        return pods.get(Integer.parseInt(uid.substring("pod-".length())) - 1);
    }

    /** Time passes, and with it whatever was due by then. */
    void advance(long millis) {
        now += millis;
        operators.forEach(Operator::timeHasCome);
        for (PodRun pod : pods) {
            if (pod.present && now >= pod.killedAt) {
                pod.fails("DeadlineExceeded");
            }
        }
    }

    /** When something happens by itself; {@link PodRun#NEVER} when nothing will. */
    long nextTimer() {
        long next = PodRun.NEVER;
        for (Operator operator : operators) {
            next = Math.min(next, operator.up ? operator.memory.timer : PodRun.NEVER);
        }
        for (PodRun pod : pods) {
            next = Math.min(next, pod.present && !pod.isOver() && !pod.nodeLost ? pod.killedAt : PodRun.NEVER);
        }
        return next;
    }
}
