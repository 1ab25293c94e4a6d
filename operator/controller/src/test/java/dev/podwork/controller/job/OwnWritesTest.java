package dev.podwork.controller.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import org.junit.jupiter.api.Test;

class OwnWritesTest {

    private static final ResourceID ID = new ResourceID("j", "ns");

    private final OwnWrites writes = new OwnWrites();

    @Test
    void whatTheInformerBringsLateIsNotTheNewest() {
        writes.write(ID, () -> job("uid", 5, Phase.RUNNING));

        assertThat(writes.newest(job("uid", 4, Phase.STARTING)).getStatus().phase())
                .isEqualTo(Phase.RUNNING);
        assertThat(writes.newest(job("uid", 6, Phase.FAILED)).getStatus().phase())
                .isEqualTo(Phase.FAILED);
    }

    @Test
    void anotherJobOfTheSameNameHasNothingOfIt() {
        writes.write(ID, () -> job("uid", 5, Phase.RUNNING));

        assertThat(writes.newest(job("other", 4, Phase.STARTING)).getStatus().phase())
                .isEqualTo(Phase.STARTING);
        writes.seen(job("uid", 5, Phase.RUNNING), job("other", 4, Phase.STARTING));
        assertThat(writes.newest(job("uid", 4, Phase.STARTING)).getStatus().phase())
                .isEqualTo(Phase.STARTING);
    }

    @Test
    void ourOwnStatusIsNoNews() {
        writes.write(ID, () -> job("uid", 5, Phase.RUNNING));

        assertThat(writes.seen(job("uid", 4, Phase.STARTING), job("uid", 5, Phase.RUNNING)))
                .isFalse();
    }

    @Test
    void anEarlierWriteOfOursIsNoNewsEither() {
        writes.write(ID, () -> job("uid", 4, Phase.STARTING));
        writes.write(ID, () -> job("uid", 5, Phase.RUNNING));

        assertThat(writes.seen(job("uid", 3, Phase.QUEUED), job("uid", 4, Phase.STARTING)))
                .isFalse();
    }

    @Test
    void norIsOneThatTheWatchBringsBeforeTheAnswer() {
        writes.write(ID, () -> {
            Job ours = job("uid", 5, Phase.RUNNING);
            assertThat(writes.seen(job("uid", 4, Phase.STARTING), ours)).isFalse();
            return ours;
        });

        assertThat(writes.newest(job("uid", 4, Phase.STARTING)).getStatus().phase())
                .as("nothing is kept of what the informer has")
                .isEqualTo(Phase.STARTING);
    }

    @Test
    void aStatusOfAnotherOperatorIs() {
        assertThat(writes.seen(job("uid", 4, Phase.STARTING), job("uid", 5, Phase.RUNNING)))
                .isTrue();
        writes.write(ID, () -> job("uid", 6, Phase.RUNNING));
        assertThat(writes.seen(job("uid", 6, Phase.RUNNING), job("uid", 7, Phase.RETRYING)))
                .isTrue();
    }

    @Test
    void aChangeOfAnythingElseIsLeftToWhoWatchesThat() {
        assertThat(writes.seen(job("uid", 4, Phase.RUNNING), job("uid", 5, Phase.RUNNING)))
                .isFalse();
    }

    @Test
    void aWriteThatFailedIsNotTakenForMade() {
        assertThatThrownBy(() -> writes.write(ID, () -> {
                    throw new IllegalStateException("conflict");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(writes.seen(job("uid", 4, Phase.STARTING), job("uid", 5, Phase.RUNNING)))
                .isTrue();
    }

    private static Job job(String uid, long version, Phase phase) {
        Job job = new Job();
        job.setMetadata(new ObjectMetaBuilder()
                .withName("j")
                .withNamespace("ns")
                .withUid(uid)
                .withResourceVersion(Long.toString(version))
                .build());
        job.setStatus(JobStatusBuilder.builder()
                .observedGeneration(1L)
                .phase(phase)
                .worker("w")
                .build());
        return job;
    }
}
