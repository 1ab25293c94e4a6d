package dev.podwork.api;

/** Label keys and values of the objects that Podwork makes. */
public final class Labels {
    public static final String GROUP = "podwork.dev";
    public static final String VERSION = "v1alpha1";

    /** {@code kubectl get podwork} lists both kinds. */
    public static final String CATEGORY = "podwork";

    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String MANAGED_BY_PODWORK = "podwork";

    /** What the keys of our own labels and annotations begin with. */
    public static final String PREFIX = GROUP + "/";

    /** Name of the Job that a pod was made for. */
    public static final String JOB = "podwork.dev/job";
    /** Number of the attempt that a pod carries out, from 1. */
    public static final String ATTEMPT = "podwork.dev/attempt";
    /** Name of the WorkerDefinition that an object was made from. */
    public static final String WORKER = "podwork.dev/worker";

    /** The revision of the WorkerDefinition that a pod was made from. */
    public static final String WORKER_REVISION = "podwork.dev/worker-revision";

    /** Annotation: the worker's memory limit, when a retry rule has raised it. */
    public static final String RAISED_MEMORY = "podwork.dev/raised-memory";

    /** Annotation: the time limits of an attempt, as they were when its pod was made. */
    public static final String TIMEOUTS = "podwork.dev/timeouts";

    private Labels() {}
}
