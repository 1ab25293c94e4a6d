package dev.podwork.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Reasons;
import dev.podwork.core.job.JobDecisions;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a job, with everything that may go wrong, against what must be true of all of them:
 *
 * <ul>
 *   <li>One terminal phase, never changed once it is written.
 *   <li>No result and no other end of a superseded attempt is ever recorded; what has ended stays as it ended.
 *   <li>At most one worker has the job at any time, but on nodes that nobody reaches any more.
 *   <li>No more attempts, and no more lost pods, than the job allows; a job is not given away more often.
 *   <li>The numbers of the attempts rise one by one, and the last ten are kept.
 *   <li>What a worker emitted is recorded with its result, once each; a shim forgets nothing that is not recorded.
 *   <li>No pod is made for a job that is known to be cancelled, suspended, or not to start yet.
 *   <li>A cancelled job ends as Cancelled, unless its worker told an end that was known by then.
 *   <li>Nothing is stuck, and nothing goes round in circles: once faults stop and all timers have fired, the job has ended, or is held
 *       for a reason that its status tells, and no worker of a job that has ended still works.
 * </ul>
 *
 * <p>{@code -Dmodel.seed=N} replays one history, {@code -Dmodel.seconds=N} runs random ones for that long.
 */
class JobModelTest {

    private static final long FIXED = 3_000;
    private static final Duration RANDOM = Duration.ofSeconds(Long.getLong("model.seconds", 3));

    private final JobDecisions decisions =
            new JobDecisions(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));
    private final Map<String, Integer> ends = new TreeMap<>();

    @Test
    void theSameHistoriesAsEver() {
        run("fixed", seed -> seed, done -> done < FIXED);

        assertThat(ends.keySet())
                .as("histories come to all kinds of ends")
                .contains(
                        "deleted",
                        Reasons.SUCCEEDED,
                        Reasons.CANCELLED,
                        Reasons.WORKER_ERROR,
                        Reasons.NON_ZERO_EXIT,
                        Reasons.NO_RESULT,
                        Reasons.OUT_OF_MEMORY,
                        Reasons.POD_LOST,
                        Reasons.IMAGE,
                        Reasons.NO_WORKER,
                        Reasons.QUEUE_TIMEOUT,
                        Reasons.START_TIMEOUT,
                        Reasons.ATTEMPT_TIMEOUT,
                        Reasons.IDLE_TIMEOUT,
                        Reasons.TOTAL_TIMEOUT,
                        Reasons.SUSPENDED,
                        Reasons.WORKER_NOT_READY);
    }

    @Test
    void otherHistoriesEachTime() {
        SplittableRandom seeds = new SplittableRandom();
        long end = System.nanoTime() + RANDOM.toNanos();

        run("random", seed -> seeds.nextLong(), done -> System.nanoTime() < end);
    }

    @Test
    void theOneThatIsAskedFor() {
        Long seed = Long.getLong("model.seed");
        History history = new History(seed == null ? 1 : seed, decisions::decide);
        if (seed != null) {
            history.trace().forEach(System.out::println);
        }
        history.run();
    }

    private void run(String which, LongUnaryOperator seeds, LongPredicate goesOn) {
        // Other builds may share the machine: by its own processor time a run is comparable with another.
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long done = 0;
        while (goesOn.test(done)) {
            ends.merge(new History(seeds.applyAsLong(done), decisions::decide).run(), 1, Integer::sum);
            done++;
        }
        double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin) / 1e9;
        System.out.printf("%,d %s histories, %,.0f for each second of CPU: %s%n", done, which, done / seconds, ends);
    }
}
