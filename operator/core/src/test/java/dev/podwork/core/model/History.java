package dev.podwork.core.model;

import dev.podwork.api.job.Job;
import dev.podwork.core.job.JobDecision;
import dev.podwork.core.job.JobSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One random history of a job. The same seed is the same history. */
public record History(long seed, Function<JobSnapshot, JobDecision> decisions) {

    private static final Events EVENTS = new Events();
    private static final int SHORTEST = 20;
    private static final int LONGEST = 200;
    private static final int LONGEST_TRACE = 600;

    /**
     * What became of the job: its reason in the end, as its status has it.
     *
     * @throws AssertionError that has the seed, what happened, and what should not have been
     */
    public String run() {
        try {
            return go(new World(seed, decisions, null));
        } catch (Violation | RuntimeException violation) {
            Violation told = new Violation("%s%nhistory %d (replay it with -Dmodel.seed=%d):%n%s"
                    .formatted(violation, seed, seed, String.join(System.lineSeparator(), trace())));
            told.initCause(violation);
            throw told;
        }
    }

    /** All that happens in it, up to its end or to what should not have been. */
    public List<String> trace() {
        List<String> trace = new ArrayList<>();
        try {
            trace.add("the end: " + go(new World(seed, decisions, trace::add)));
        } catch (Violation | RuntimeException violation) {
            trace.add(violation.toString());
        }
        if (trace.size() > LONGEST_TRACE) {
            // Of one that never comes to rest, the beginning and the end say enough.
            trace.subList(LONGEST_TRACE / 2, trace.size() - LONGEST_TRACE / 2).clear();
        }
        return trace;
    }

    private static String go(World world) {
        int length = SHORTEST + world.random.nextInt(LONGEST - SHORTEST);
        for (int i = 0; i < length; i++) {
            EVENTS.next(world);
        }
        new Calm(world).settle();
        world.invariants.atRest();
        Job job = world.api.job();
        return job == null
                ? "deleted"
                : String.valueOf(JobSnapshot.statusOf(job).reason());
    }
}
