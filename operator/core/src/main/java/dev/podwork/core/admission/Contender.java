package dev.podwork.core.admission;

import dev.podwork.api.job.Job;
import java.time.Instant;
import java.util.Comparator;

/** A job that wants a slot. Its order is that of the queue: higher priority first, then the older one. */
public record Contender(String uid, String namespace, String name, int priority, Instant created)
        implements Comparable<Contender> {

    private static final Comparator<Contender> ORDER = Comparator.comparing(
                    Contender::priority, Comparator.reverseOrder())
            .thenComparing(Contender::created)
            .thenComparing(Contender::name)
            .thenComparing(Contender::uid);

    public static Contender of(Job job) {
        return new Contender(
                job.getMetadata().getUid(),
                job.getMetadata().getNamespace(),
                job.getMetadata().getName(),
                job.getSpec() == null ? 0 : job.getSpec().priorityOrDefault(),
                Instant.parse(job.getMetadata().getCreationTimestamp()));
    }

    @Override
    public int compareTo(Contender other) {
        return ORDER.compare(this, other);
    }
}
