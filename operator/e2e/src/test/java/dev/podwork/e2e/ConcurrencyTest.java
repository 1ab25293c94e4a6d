package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Reasons;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs that wait for one another on a real cluster. */
class ConcurrencyTest {
    private static final String SHORT = """
            import time

            def handler(job, ctx):
                time.sleep(1)
                return "done"
            """;

    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void never_more_than_the_limit_run_and_all_get_their_turn() {
        TestWorker worker = sandbox.python(SHORT).concurrency(2).apply();
        List<TestJob> jobs = Stream.generate(worker::submit).limit(8).toList();

        jobs.forEach(TestJob::succeeded);
        List<JobStatus> ended = jobs.stream().map(job -> job.get().getStatus()).toList();
        assertThat(ended).allSatisfy(status -> {
            long atOnce = ended.stream()
                    .filter(other ->
                            !start(other).isAfter(start(status)) && end(other).isAfter(start(status)))
                    .count();
            assertThat(atOnce).as("jobs that ran when this one started").isLessThanOrEqualTo(2);
        });
    }

    @Test
    void the_highest_priority_is_next_and_the_others_say_what_is_ahead() {
        TestWorker worker = sandbox.python(SHORT).concurrency(1).apply();
        TestJob first = worker.submit().running();
        TestJob low = worker.submit(-1);
        low.await("its place in the queue", ConcurrencyTest::waits);
        TestJob usual = worker.submit();
        usual.await("its place in the queue", ConcurrencyTest::waits);
        TestJob urgent = worker.submit(10);
        JobStatus told = low.get().getStatus();
        assertThat(told.message()).contains("runs 1 of at most 1 job; no job is ahead");
        assertThat(CommandLine.kubectl("-n", sandbox.namespace(), "get", "pj", low.name()))
                .contains(Reasons.AT_CONCURRENCY_LIMIT);

        List<TestJob> inOrder = List.of(first, urgent, usual, low);
        inOrder.forEach(TestJob::succeeded);
        assertThat(inOrder.stream().map(job -> start(job.get().getStatus())).toList())
                .isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(Duration.between(
                        end(first.get().getStatus()), start(urgent.get().getStatus())))
                .as("from one job's end to the next one's start")
                .isLessThan(Duration.ofSeconds(5));
    }

    private static boolean waits(JobStatus status) {
        return Reasons.AT_CONCURRENCY_LIMIT.equals(status.reason());
    }

    private static Instant start(JobStatus status) {
        return Objects.requireNonNull(status.startedAt());
    }

    private static Instant end(JobStatus status) {
        return Objects.requireNonNull(status.completedAt());
    }
}
