package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Contact;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeLimitPolicyTest {

    private static final String LIMITED = "{worker: w, timeouts: {queue: 1m, start: 30s, attempt: 600s, total: 1h}}";
    private static final Instant CREATED = Snapshots.CREATED;

    private final TimeLimitPolicy policy = new TimeLimitPolicy();

    @Test
    void aJobThatGetsNoPodInTimeSaysWhatItWaitedFor() {
        Snapshots waiting = at(60).status(Snapshots.statusOf(Phase.QUEUED, "PodRefused", "exceeded quota: q"));

        assertThat(failed(waiting).reason()).isEqualTo(Reasons.QUEUE_TIMEOUT);
        assertThat(failed(waiting).message()).isEqualTo("Queue timeout after 60000ms: exceeded quota: q");
        assertThat(policy.decide(at(59).snapshot())).isEmpty();
    }

    @Test
    void theQueueCountsFromWhenTheJobMayStart() {
        Snapshots later = Snapshots.of(
                "{worker: w, notBefore: '2026-05-01T10:01:00Z', timeouts: {queue: 1m}}", CREATED.plusSeconds(119));

        assertThat(policy.decide(later.snapshot())).isEmpty();
    }

    @Test
    void aPodThatDoesNotStartSaysWhere() {
        Pod unscheduled = new PodBuilder(Snapshots.startingPod())
                .editSpec()
                .withNodeName(null)
                .endSpec()
                .editStatus()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage("0/1 nodes are available")
                .endCondition()
                .endStatus()
                .build();

        assertThat(failed(at(30).pod(unscheduled)).reason()).isEqualTo(Reasons.START_TIMEOUT);
        assertThat(failed(at(30).pod(unscheduled)).message())
                .isEqualTo("Start timeout after 30000ms: pod j-1 was not scheduled: 0/1 nodes are available");
        assertThat(failed(at(30).pod(Snapshots.waitingPod("ErrImagePull", "manifest unknown")))
                        .message())
                .endsWith("pod j-1 did not start: Container worker: ErrImagePull: manifest unknown");
        assertThat(failed(at(30).pod(Snapshots.startingPod())).message())
                .contains("the relay of pod j-1 did not start");
    }

    @Test
    void anAttemptCountsFromWhenItsWorkerHadTheJob() {
        Snapshots running = at(601).pod(Snapshots.startingPod()).status(Snapshots.running());

        assertThat(failed(running).reason()).isEqualTo(Reasons.ATTEMPT_TIMEOUT);
        assertThat(failed(running).message()).isEqualTo("Worker timeout after 600000ms");
        assertThat(failed(running).attempts().get(0).reason()).isEqualTo(Reasons.ATTEMPT_TIMEOUT);
        assertThat(policy.decide(at(600).pod(Snapshots.startingPod())
                        .status(Snapshots.running())
                        .snapshot()))
                .isEmpty();
    }

    @Test
    void aWorkerOfWhichNothingIsHeardIsIdle() {
        Snapshots heard = idle(100).contact(new Contact(CREATED.plusSeconds(70), true));

        assertThat(failed(heard).reason()).isEqualTo(Reasons.IDLE_TIMEOUT);
        assertThat(failed(heard).message()).isEqualTo("Worker sent nothing for 30000ms");
        assertThat(policy.decide(idle(100)
                        .contact(new Contact(CREATED.plusSeconds(71), true))
                        .snapshot()))
                .isEmpty();
    }

    @Test
    void anIdleWorkerCountsFromWhenItHadTheJob() {
        Contact before = new Contact(CREATED, true);

        assertThat(policy.decide(idle(30).contact(before).snapshot())).isEmpty();
        assertThat(policy.decide(idle(31).contact(before).snapshot())).isPresent();
    }

    @Test
    void whatWasSaidWhileNoOperatorListenedIsUnknown() {
        Snapshots restarted = idle(100).watchingSince(CREATED.plusSeconds(80));

        assertThat(policy.decide(restarted.snapshot())).isEmpty();
        assertThat(policy.decide(restarted
                        .contact(new Contact(CREATED.plusSeconds(85), true))
                        .snapshot()))
                .isEmpty();
        assertThat(policy.decide(
                        restarted.watchingSince(CREATED.plusSeconds(70)).snapshot()))
                .isPresent();
    }

    @Test
    void aSessionThatHadToBeDroppedComesBackFirst() {
        assertThat(policy.decide(idle(300).report(5, null).snapshot())).isEmpty();
    }

    @Test
    void theNextMomentThatAWorkerMayBeIdleWakesTheJob() {
        Snapshots heard = idle(50).contact(new Contact(CREATED.plusSeconds(49), true));

        assertThat(TimeLimit.next(heard.snapshot()).orElseThrow().due()).isEqualTo(CREATED.plusSeconds(79));
    }

    private static Snapshots idle(long seconds) {
        return Snapshots.of("{worker: w, timeouts: {attempt: 1h, idle: 30s}}", CREATED.plusSeconds(seconds))
                .pod(Snapshots.startingPod())
                .status(Snapshots.running());
    }

    @Test
    void theTotalCountsWhateverHappens() {
        assertThat(failed(Snapshots.of("{worker: w, timeouts: {attempt: 9h, total: 1h}}", CREATED.plusSeconds(3600))
                                .pod(Snapshots.startingPod())
                                .status(Snapshots.running()))
                        .message())
                .isEqualTo("Job timeout after 3600000ms in all");
    }

    @Test
    void afterARestartSessionsAreHeardFirst() {
        Snapshots restarted = at(700).pod(Snapshots.startingPod())
                .status(Snapshots.running())
                .watchingSince(CREATED.plusSeconds(695));

        assertThat(policy.decide(restarted.snapshot())).isEmpty();
        assertThat(policy.decide(restarted.report(5, null).snapshot())).isPresent();
        assertThat(policy.decide(
                        restarted.watchingSince(CREATED.plusSeconds(690)).snapshot()))
                .isPresent();
    }

    @Test
    void whatAPodWasMadeWithStaysInForce() {
        Pod pod = new PodBuilder(Snapshots.startingPod())
                .editMetadata()
                .withAnnotations(Map.of("podwork.dev/timeouts", "{\"attempt\":\"20m\"}"))
                .endMetadata()
                .build();

        assertThat(policy.decide(Snapshots.ofWorker(CREATED.plusSeconds(1200))
                        .pod(pod)
                        .status(Snapshots.running())
                        .snapshot()))
                .isEmpty();
        assertThat(failed(Snapshots.ofWorker(CREATED.plusSeconds(1201)).pod(pod).status(Snapshots.running()))
                        .message())
                .isEqualTo("Worker timeout after 1200000ms");
    }

    @Test
    void withoutAnyLimitAnAttemptHasFiveMinutes() {
        assertThat(failed(Snapshots.ofWorker(CREATED.plusSeconds(301))
                                .pod(Snapshots.startingPod())
                                .status(Snapshots.running()))
                        .message())
                .isEqualTo("Worker timeout after 300000ms");
        assertThat(policy.decide(Snapshots.ofWorker(CREATED.plusSeconds(99_999)).snapshot()))
                .isEmpty();
    }

    @Test
    void whatTheImageIsToBlameForIsSaidToBeItsFailure() {
        JobStatus status = failed(at(30).pod(Snapshots.waitingPod("ErrImagePull", "manifest unknown")));

        assertThat(status.reason()).isEqualTo(Reasons.IMAGE);
        assertThat(status.message())
                .isEqualTo(
                        "Start timeout after 30000ms: pod j-1 did not start: Container worker: ErrImagePull: manifest"
                                + " unknown");
        assertThat(status.attempts().get(0).failureClass()).isEqualTo(FailureClass.IMAGE);
        assertThat(failed(at(30).pod(Snapshots.waitingPod("CreateContainerConfigError", "secret not found")))
                        .reason())
                .isEqualTo(Reasons.CONTAINER);
        assertThat(failed(at(30).pod(Snapshots.waitingPod("CrashLoopBackOff", "again")))
                        .reason())
                .isEqualTo(Reasons.START_TIMEOUT);
    }

    @Test
    void thatAnImageIsPulledAgainSaysLessThanWhyItHadToBe() {
        JobStatus told = Snapshots.statusOf(Phase.STARTING, Reasons.IMAGE, "Container worker: ErrImagePull: unknown");

        assertThat(failed(at(30).status(told).pod(Snapshots.waitingPod("ImagePullBackOff", "Back-off pulling")))
                        .message())
                .endsWith("pod j-1 did not start: Container worker: ErrImagePull: unknown");
    }

    @Test
    void theNextLimitWakesTheJob() {
        JobDecisions decisions =
                new JobDecisions(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));

        assertThat(decisions
                        .decide(at(20).pod(Snapshots.startingPod())
                                .report(4, null)
                                .snapshot())
                        .revisit())
                .isEqualTo(CREATED.plusSeconds(601));
    }

    private static Snapshots at(long seconds) {
        return Snapshots.of(LIMITED, CREATED.plusSeconds(seconds));
    }

    private JobStatus failed(Snapshots given) {
        JobStatus status = policy.decide(given.snapshot()).orElseThrow().status();
        assertThat(status.phase()).isEqualTo(Phase.FAILED);
        return status;
    }
}
