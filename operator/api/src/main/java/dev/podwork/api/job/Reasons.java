package dev.podwork.api.job;

/** Values of {@code status.reason}, of conditions and of Kubernetes Events on a Job. */
public final class Reasons {
    /** No WorkerDefinition serves the job's worker or type. */
    public static final String NO_WORKER = "NoWorker";
    /** The WorkerDefinition's {@code Ready} condition is not true. */
    public static final String WORKER_NOT_READY = "WorkerNotReady";
    /** {@code spec.workerRevision} asks for a revision that the WorkerDefinition does not have, and none is kept of. */
    public static final String WORKER_REVISION_NOT_FOUND = "WorkerRevisionNotFound";
    /** The worker runs as many jobs as its {@code concurrency} allows. */
    public static final String AT_CONCURRENCY_LIMIT = "AtConcurrencyLimit";
    /** The API server refused the pod; its words are in the message. */
    public static final String POD_REFUSED = "PodRefused";
    /** Another object has the name that the job's pod needs. */
    public static final String POD_CONFLICT = "PodConflict";
    /** The pod exists; its worker does not have the job yet. */
    public static final String STARTING = "Starting";

    public static final String UNSCHEDULABLE = "Unschedulable";
    /** An image can't be had (yet). */
    public static final String IMAGE = "ImageNotAvailable";
    /** The kubelet can make no container of the image and the template. */
    public static final String CONTAINER = "ContainerNotCreated";
    /** The worker has the job. */
    public static final String RUNNING = "Running";

    public static final String SUCCEEDED = "Succeeded";
    /** The worker answered with an error. */
    public static final String WORKER_ERROR = "WorkerError";
    /** The worker's command is not in its image, or can't be run. */
    public static final String COMMAND_NOT_FOUND = "CommandNotFound";
    /** The worker exited with code 0 and gave no result. */
    public static final String NO_RESULT = "ExitedWithoutResult";
    /** The worker exited with another code, and gave no result. */
    public static final String NON_ZERO_EXIT = "NonZeroExit";
    /** A signal ended the worker. */
    public static final String SIGNALLED = "Signalled";

    public static final String OUT_OF_MEMORY = "OutOfMemory";
    public static final String RESULT_NOT_SERIALIZABLE = "ResultNotSerializable";
    public static final String RESULT_TOO_LARGE = "ResultTooLarge";
    /** The pod was deleted, evicted or lost with its node before the job ended. */
    public static final String POD_LOST = "PodLost";

    /** {@code spec.cancelled} ended the job. */
    public static final String CANCELLED = "Cancelled";
    /** The Job was deleted. Stands in no status: the worker is told so. */
    public static final String DELETED = "Deleted";
    /** Another attempt is the job's current one. The worker of the earlier one is told so. */
    public static final String SUPERSEDED = "Superseded";
    /** {@code spec.suspended} keeps the job from starting. */
    public static final String SUSPENDED = "Suspended";
    /** {@code spec.notBefore} is still to come. */
    public static final String NOT_BEFORE = "NotBefore";

    /** Nothing keeps the job from starting any more. */
    public static final String QUEUED = "Queued";
    /** No pod was made for the job in time. */
    public static final String QUEUE_TIMEOUT = "QueueTimeout";
    /** The worker did not have the job in time. */
    public static final String START_TIMEOUT = "StartTimeout";
    /** The worker had the job, and did not end in time. */
    public static final String ATTEMPT_TIMEOUT = "AttemptTimeout";
    /** The worker had the job, and nothing was heard of it for too long. */
    public static final String IDLE_TIMEOUT = "IdleTimeout";
    /** All attempts together took too long. */
    public static final String TOTAL_TIMEOUT = "TotalTimeout";

    private Reasons() {}
}
