package dev.podwork.core.job;

import io.fabric8.kubernetes.api.model.Pod;

/** What came of trying to create a job's pod. */
public sealed interface PodCreation {

    /** The pod is there, and the job's: made now, or before a crash kept us from knowing. */
    record Created(Pod pod) implements PodCreation {}

    /** The API server does not let the pod in. */
    record Refused(String message) implements PodCreation {}

    /**
     * Something else has the pod's name.
     *
     * @param message what it is
     */
    record Conflict(String message) implements PodCreation {}
}
