package dev.podwork.controller.job;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.job.JobSnapshot;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All Jobs, from memory, never older than our own last write. */
public final class Jobs {

    private static final String WAITING_FOR = "waiting-for";
    private static final String QUEUED_FOR = "queued-for";
    private static final String REVISION = "worker-revision";

    private final OwnWrites writes = new OwnWrites();
    private volatile @Nullable IndexerResourceCache<Job> informed;

    /** The SDK's cache, before it is started. */
    public void use(IndexerResourceCache<Job> cache) {
        cache.addIndexers(Map.of(
                WAITING_FOR,
                Jobs::waitingFor,
                QUEUED_FOR,
                job -> isQueued(job) ? keys(job) : List.of(),
                REVISION,
                Jobs::revision));
        informed = cache;
    }

    public Optional<Job> get(ResourceID id) {
        IndexerResourceCache<Job> cache = informed;
        return cache == null ? Optional.empty() : cache.get(id).map(this::newest);
    }

    /** Whether a job exists and has not ended. */
    public boolean isActive(ResourceID id) {
        return get(id).filter(job -> !isEnded(job)).isPresent();
    }

    /** Whether a job exists and has ended. */
    public boolean isEnded(ResourceID id) {
        return get(id).filter(job -> isEnded(job)).isPresent();
    }

    /** The given state of a job, or our own later one. */
    public Job newest(Job job) {
        return writes.newest(job);
    }

    /** Makes a write of ours, which gives a job the state that the request returns. */
    public void write(Job job, Supplier<Job> request) {
        writes.write(ResourceID.fromResource(job), request);
    }

    /**
     * The informer has brought a state.
     *
     * @return whether another operator gave the job its status
     */
    public boolean seen(Job before, Job job) {
        return writes.seen(before, job);
    }

    /** Nothing more of it will be written. */
    public void deleted(Job job) {
        writes.deleted(job);
    }

    /** All that have not ended. */
    public Stream<Job> active() {
        IndexerResourceCache<Job> cache = informed;
        return cache == null ? Stream.of() : cache.list().map(this::newest).filter(job -> !isEnded(job));
    }

    /**
     * The jobs that ask for one of these task types, or for this definition, have not ended, and are not {@link #queuedFor queued}.
     * One that has a pod may wait for its next before this cache knows of it.
     */
    public Set<ResourceID> waitingFor(String namespace, String worker, Set<String> taskTypes) {
        return asking(WAITING_FOR, namespace, worker, taskTypes);
    }

    /** The same of those that wait for nothing but a slot. */
    public Set<ResourceID> queuedFor(String namespace, String worker, Set<String> taskTypes) {
        return asking(QUEUED_FOR, namespace, worker, taskTypes);
    }

    private Set<ResourceID> asking(String index, String namespace, String worker, Set<String> taskTypes) {
        IndexerResourceCache<Job> cache = informed;
        if (cache == null) {
            return Set.of();
        }
        return Stream.concat(
                        Stream.of(workerKey(namespace, worker)),
                        taskTypes.stream().map(type -> typeKey(namespace, type)))
                .flatMap(key -> cache.byIndex(index, key).stream())
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    /** Whether a job that has not ended asks for this revision of a definition. */
    public boolean askForRevision(String namespace, String revision) {
        IndexerResourceCache<Job> cache = informed;
        return cache != null
                && !cache.byIndex(REVISION, revisionKey(namespace, revision)).isEmpty();
    }

    /** Whether a job has ended for good. */
    public static boolean isEnded(Job job) {
        return job.getStatus() != null
                && job.getStatus().phase() != null
                && job.getStatus().phase().isTerminal();
    }

    /** Whether a job waits for a slot, for all that its status says. */
    public static boolean isQueued(Job job) {
        JobStatus status = JobSnapshot.statusOf(job);
        return status.phase() == Phase.QUEUED && Reasons.AT_CONCURRENCY_LIMIT.equals(status.reason());
    }

    /** Whether news of its definition may move it on, for all that its status says. */
    public static boolean isWaiting(Job job) {
        return !isQueued(job) && !isEnded(job);
    }

    static List<String> waitingFor(Job job) {
        return isWaiting(job) ? keys(job) : List.of();
    }

    /** Which definitions might serve a job. */
    private static List<String> keys(Job job) {
        if (job.getSpec() == null) {
            return List.of();
        }
        String namespace = job.getMetadata().getNamespace();
        List<String> keys = new ArrayList<>();
        if (job.getSpec().type() != null) {
            keys.add(typeKey(namespace, job.getSpec().type()));
        }
        // A definition that was found and is not ready may change so that it no longer serves the job's type.
        Stream.of(job.getSpec().worker(), JobSnapshot.statusOf(job).worker())
                .filter(worker -> worker != null)
                .distinct()
                .map(worker -> workerKey(namespace, worker))
                .forEach(keys::add);
        return keys;
    }

    private static List<String> revision(Job job) {
        return isEnded(job) || job.getSpec() == null || job.getSpec().workerRevision() == null
                ? List.of()
                : List.of(revisionKey(
                        job.getMetadata().getNamespace(), job.getSpec().workerRevision()));
    }

    private static String revisionKey(String namespace, String revision) {
        return namespace + "/" + revision;
    }

    private static String typeKey(String namespace, String type) {
        return namespace + "/type/" + type;
    }

    private static String workerKey(String namespace, String worker) {
        return namespace + "/worker/" + worker;
    }
}
