package dev.podwork.controller.lifecycle;

import dev.podwork.api.job.Job;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.function.Consumer;

/** Wakes jobs for news that no watch brings: from sessions, and from deadlines. */
public final class JobWakeUps extends SimpleInboundEventSource<Job> implements ResourceEventAware<Job> {

    private final Consumer<Job> seen;
    private final Consumer<Job> deleted;

    public JobWakeUps(Consumer<Job> seen, Consumer<Job> deleted) {
        super("wake-ups");
        this.seen = seen;
        this.deleted = deleted;
    }

    @Override
    public void onResourceUpdated(Job job, Job before) {
        seen.accept(job);
    }

    @Override
    public void onResourceDeleted(Job job) {
        deleted.accept(job);
    }
}
