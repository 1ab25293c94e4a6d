package dev.podwork.core.model;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.pod.TrimmedPod;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds the Job, its pods and its WorkerDefinition, each with a version that a write must be based on. */
final class ApiServer {

    final Watch<Job> jobs = new Watch<>();
    final Watch<Pod> pods = new Watch<>();

    final Watch<WorkerDefinition> definitions = new Watch<>();
    final Map<String, Pod> podsByName = new LinkedHashMap<>();
    /** The same as informers keep them. */
    final Map<String, Pod> trimmed = new LinkedHashMap<>();

    /** A quota or a webhook lets no pod in. */
    boolean refusesPods;

    private final Invariants invariants;
    private @Nullable Job job;
    private @Nullable WorkerDefinition definition;
    private long version;

    ApiServer(Invariants invariants) {
        this.invariants = invariants;
    }

    @Nullable
    Job job() {
        return job;
    }

    @Nullable
    WorkerDefinition definition() {
        return definition;
    }

    void define(@Nullable WorkerDefinition changed) {
        definitions.changed(definition, changed);
        definition = changed;
    }

    void create(Job created) {
        replace(created, created.getSpec(), null, 1);
    }

    void specify(Job known, JobSpec spec) {
        replace(known, spec, known.getStatus(), known.getMetadata().getGeneration() + 1);
    }

    void deleteJob() {
        jobs.changed(job, null);
        job = null;
    }

    /** With the version that the change was made on: whoever wrote since has the better of it. */
    Job writeStatus(Job based, JobStatus status) {
        Job present = job;
        if (present == null) {
            throw new Refusal(Refusal.Cause.NOT_FOUND);
        }
        if (!present.getMetadata()
                .getResourceVersion()
                .equals(based.getMetadata().getResourceVersion())) {
            throw new Refusal(Refusal.Cause.CONFLICT);
        }
        invariants.statusWritten(present, status);
        return replace(present, present.getSpec(), status, present.getMetadata().getGeneration());
    }

    void admit(Pod pod) {
        if (podsByName.containsKey(pod.getMetadata().getName())) {
            throw new Refusal(Refusal.Cause.EXISTS);
        }
        if (refusesPods) {
            throw new Refusal(Refusal.Cause.FORBIDDEN);
        }
        write(pod);
    }

    /** A new state of a pod; its version is filled in. */
    void write(Pod pod) {
        pod.getMetadata().setResourceVersion(Long.toString(++version));
        podsByName.put(pod.getMetadata().getName(), pod);
        Pod after = TrimmedPod.of(pod);
        pods.changed(trimmed.put(pod.getMetadata().getName(), after), after);
    }

    void remove(String pod) {
        podsByName.remove(pod);
        pods.changed(trimmed.remove(pod), null);
    }

    private Job replace(Job from, JobSpec spec, @Nullable JobStatus status, long generation) {
        ObjectMeta metadata = new ObjectMeta();
        metadata.setName(from.getMetadata().getName());
        metadata.setNamespace(from.getMetadata().getNamespace());
        metadata.setUid(from.getMetadata().getUid());
        metadata.setCreationTimestamp(from.getMetadata().getCreationTimestamp());
        metadata.setGeneration(generation);
        metadata.setResourceVersion(Long.toString(++version));
        Job next = new Job();
        next.setMetadata(metadata);
        next.setSpec(spec);
        next.setStatus(status);
        jobs.changed(job, next);
        job = next;
        return next;
    }
}
