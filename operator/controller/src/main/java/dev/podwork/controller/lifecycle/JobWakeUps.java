package dev.podwork.controller.lifecycle;

import dev.podwork.api.job.Job;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Wakes jobs for news that no watch brings: from sessions, and from deadlines. */
public final class JobWakeUps extends SimpleInboundEventSource<Job> implements ResourceEventAware<Job> {

    private final BiConsumer<Job, Job> updated;
    private final Consumer<Job> deleted;

    /**
     * Makes the event source.
     *
     * @param updated told what a job was before, and is now
     */
    public JobWakeUps(BiConsumer<Job, Job> updated, Consumer<Job> deleted) {
        super("wake-ups");
        this.updated = updated;
        this.deleted = deleted;
    }

    @Override
    public void onResourceUpdated(Job job, Job before) {
        updated.accept(before, job);
    }

    @Override
    public void onResourceDeleted(Job job) {
        deleted.accept(job);
    }
}
