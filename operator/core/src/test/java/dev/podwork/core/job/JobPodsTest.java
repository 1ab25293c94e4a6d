package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.ownership.Ownership;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobPodsTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(20);

    private final Job job = Snapshots.ofWorker(NOW).snapshot().job();
    private final Pod pod = owned(Snapshots.POD_UID, job);
    private final List<String> reads = new ArrayList<>();

    @Test
    void aPodThatTheWatchHasBroughtIsNotReadAgain() {
        job.setStatus(Snapshots.running());

        assertThat(pods(Map.of("j-1", pod), Map.of()).current(null)).contains(pod);
        assertThat(reads).isEmpty();
    }

    @Test
    void thatARecordedPodIsGoneMustBeTrue() {
        job.setStatus(Snapshots.running());

        assertThat(pods(Map.of(), Map.of("j-1", pod)).current(null)).contains(pod);
        assertThat(pods(Map.of(), Map.of()).current(null)).isEmpty();
        assertThat(reads).containsExactly("j-1", "j-1");
    }

    @Test
    void soItMustWhenTheWatchStillHasAnotherOfTheName() {
        job.setStatus(Snapshots.running());
        Job former = Snapshots.ofWorker(NOW).snapshot().job();
        former.getMetadata().setUid("former");

        assertThat(pods(Map.of("j-1", owned("old", former)), Map.of("j-1", pod)).current(null))
                .contains(pod);
    }

    @Test
    void aPodThatNobodyHasSeenIsNotSought() {
        assertThat(pods(Map.of(), Map.of("j-1", pod)).current(null)).isEmpty();
        assertThat(reads).isEmpty();
    }

    @Test
    void norIsThePodOfAJobThatHasEnded() {
        job.setStatus(Snapshots.statusOf(Phase.CANCELLED, "Cancelled", "enough"));

        assertThat(pods(Map.of(), Map.of("j-1", pod)).current(null)).isEmpty();
        assertThat(reads).isEmpty();
    }

    @Test
    void anotherPodOfTheNameIsNotTheAttempts() {
        job.setStatus(Snapshots.running());
        Pod other = owned("another", job);

        assertThat(pods(Map.of("j-1", other), Map.of("j-1", other)).current(null))
                .isEmpty();
    }

    @Test
    void thatThePodOfTheAttemptBeforeIsGoneMustBeTrueToo() {
        job.setStatus(retrying());

        assertThat(pods(Map.of(), Map.of("j-1", pod)).superseded()).contains(pod);
        assertThat(pods(Map.of(), Map.of("j-1", pod)).current(null)).isEmpty();
    }

    @Test
    void anEarlierPodOfTheNameIsNotTakenForIt() {
        job.setStatus(retrying());

        assertThat(pods(Map.of("j-1", owned("earlier", job)), Map.of("j-1", pod))
                        .superseded())
                .contains(pod);
    }

    @Test
    void itIsLookedForAsLongAsTheNextHasNone() {
        job.setStatus(retrying());
        job.setStatus(NextStatus.waiting(
                Snapshots.ofWorker(NOW).status(job.getStatus()).snapshot(),
                Phase.QUEUED,
                Reasons.POD_REFUSED,
                "quota"));

        assertThat(pods(Map.of("j-1", pod), Map.of()).superseded()).contains(pod);
    }

    @Test
    void aFirstAttemptHasNoneBefore() {
        job.setStatus(Snapshots.running());

        assertThat(pods(Map.of("j-1", pod), Map.of()).superseded()).isEmpty();
    }

    private JobPods pods(Map<String, Pod> known, Map<String, Pod> present) {
        return new JobPods(job, name -> Optional.ofNullable(known.get(name)), name -> {
            reads.add(name);
            return Optional.ofNullable(present.get(name));
        });
    }

    private static JobStatus retrying() {
        return Ending.of(
                        Snapshots.of("{worker: w, retry: {attempts: 2}}", NOW)
                                .status(Snapshots.running())
                                .pod(Snapshots.startingPod())
                                .snapshot(),
                        Classification.failure(Reasons.ATTEMPT_TIMEOUT, "late"))
                .status();
    }

    private static Pod owned(String uid, Job owner) {
        return new PodBuilder(Snapshots.startingPod())
                .editMetadata()
                .withUid(uid)
                .withOwnerReferences(Ownership.controlling(owner))
                .endMetadata()
                .build();
    }
}
