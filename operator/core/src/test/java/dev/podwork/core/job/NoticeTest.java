package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import org.junit.jupiter.api.Test;

class NoticeTest {

    private static final JobStatus NEW = Snapshots.statusOf(null, null, null);

    @Test
    void aJobThatGoesWellGivesNone() {
        JobStatus running = Snapshots.statusOf(Phase.RUNNING, Reasons.RUNNING, "runs");

        assertThat(Notice.of(NEW, running)).isEmpty();
        assertThat(Notice.of(running, Snapshots.statusOf(Phase.SUCCEEDED, Reasons.SUCCEEDED, "done")))
                .isEmpty();
    }

    @Test
    void aTroubleIsToldOnceHoweverItsWordsChange() {
        JobStatus refused = Snapshots.statusOf(Phase.QUEUED, Reasons.POD_REFUSED, "used: pods=4");

        assertThat(Notice.of(NEW, refused)).contains(new Notice(Reasons.POD_REFUSED, "used: pods=4"));
        assertThat(Notice.of(refused, Snapshots.statusOf(Phase.QUEUED, Reasons.POD_REFUSED, "used: pods=5")))
                .isEmpty();
    }

    @Test
    void aFailureIsToldEvenForAReasonThatWasTold() {
        JobStatus waiting = Snapshots.statusOf(Phase.QUEUED, Reasons.NO_WORKER, "waits");

        assertThat(Notice.of(waiting, Snapshots.statusOf(Phase.FAILED, Reasons.NO_WORKER, "none came")))
                .contains(new Notice(Reasons.NO_WORKER, "none came"));
    }
}
