package dev.podwork.api.worker;

/**
 * What is said of a WorkerDefinition that can't be: the API server says it where its rules can tell, the {@code Ready}
 * condition everywhere else. Each names the field and the cure.
 */
public final class Refusals {
    public static final String NAME_LENGTH =
            "metadata.name must be at most 63 characters, because pods carry it as a label; shorten it";

    public static final String IMAGE_MISSING =
            "spec.image is required when spec.runtime is image; name the image that holds the worker";
    public static final String IMAGE_BLANKS = "spec.image must not contain blanks; remove them";
    public static final String COMMAND_MISSING =
            "spec.command is required when spec.runtime is image; name the program and its arguments";
    public static final String COMMAND_EMPTY = "spec.command[0] must not be empty; name the program";

    public static final String SOURCE_MISSING =
            "spec.source is required when spec.runtime is python or node (unless spec.command starts the worker);"
                    + " give the code as source.inline or source.configMap, or name a file of the image as source.file";
    public static final String SOURCE_TWICE =
            "spec.source.inline and spec.source.configMap exclude each other; remove one";
    public static final String FILE_MISSING =
            "spec.source.file is required unless spec.source.inline is given; name the file that holds the handler";
    public static final String FILE_NOT_PLAIN =
            "spec.source.file must be a plain file name (letters, digits, '-', '_' and '.') when spec.source.inline or"
                    + " spec.source.configMap delivers the code; leave out directories and '..'";
    public static final String FILE_NOT_PYTHON =
            "spec.source.file must end in .py when spec.runtime is python; rename the file or change spec.runtime";
    public static final String FILE_NOT_NODE =
            "spec.source.file must end in .js, .mjs, .cjs, .ts, .mts or .cts when spec.runtime is node; rename the file"
                    + " or change spec.runtime";
    public static final String FILE_WITHOUT_NAME =
            "spec.source.file is required with spec.source.inline when spec.runtime is image; name the file, which"
                    + " spec.command then finds in the directory " + Source.MOUNT_PATH;
    public static final String INLINE_SIZE =
            "spec.source.inline must be at most 1000000 bytes as UTF-8, because a ConfigMap delivers it; put the code into"
                    + " an image instead";
    public static final String FILE_UNUSED =
            "spec.source.file alone has no effect when spec.runtime is image; name the file in spec.command, or give its"
                    + " code as spec.source.inline or spec.source.configMap";

    public static final String TASK_TYPE_BLANKS =
            "spec.taskTypes must hold no empty task type, and none that begins or ends with blanks; remove them";

    public static final String HEALTH_PATH =
            "spec.http.healthPath must be a path that begins with / and has no blanks and no #, such as /health; correct it";
    public static final String HTTP_PROTOCOL =
            "spec.http is for the protocol http; set spec.protocol to http, or remove it";
    public static final String MESSAGES_PROTOCOL =
            "spec.messages is for the protocol messages; set spec.protocol to messages, or remove it";

    public static final String CONCURRENCY =
            "spec.concurrency must be at least 1; correct it, or remove it for any number of jobs at once (to hold jobs back"
                    + " set spec.suspended of the Job)";

    public static final String RESERVED_LABELS =
            "spec.template.metadata: labels and annotations that begin with podwork.dev/, and the label"
                    + " app.kubernetes.io/managed-by, are the operator's; use other keys";
    public static final String RESTART_POLICY =
            "spec.template.spec.restartPolicy can only be Never, because every attempt gets a new pod; remove it";
    public static final String HOST_NAMESPACES =
            "spec.template.spec.hostNetwork, hostPID and hostIPC can't be true, because workers run apart from their node;"
                    + " remove them";
    public static final String SHARED_PROCESSES =
            "spec.template.spec.shareProcessNamespace can't be true, because the worker could then read the relay's"
                    + " token; remove it";
    public static final String ACCOUNT_TOKEN =
            "spec.template.spec.automountServiceAccountToken can't be true, because workers get no token unasked; mount a"
                    + " projected serviceAccountToken volume in a worker that needs one";
    public static final String DEADLINE =
            "spec.template.spec.activeDeadlineSeconds can't be set, because the operator keeps the deadlines; remove it";
    public static final String CONTAINER_NAMES =
            "spec.template.spec.containers and initContainers must each have a name of their own; set it (worker is the"
                    + " worker's own container)";
    public static final String CONTAINER_RESERVED =
            "spec.template.spec.containers and initContainers must not be named relay, nor initContainers worker, because"
                    + " the operator adds these; choose another name";
    public static final String WORKER_COMMAND =
            "spec.template.spec.containers: the container worker can't have image, command or args here; set spec.image,"
                    + " spec.command and spec.args instead";
    public static final String WORKER_SHIM =
            "spec.template.spec.containers: the container worker can't have stdin, stdinOnce, tty, restartPolicy,"
                    + " terminationMessagePath or terminationMessagePolicy, because its streams and its exit are the"
                    + " operator's; remove them";
    public static final String WORKER_DIRECTORY =
            "spec.template.spec.containers: the container worker can't have workingDir when spec.source delivers the code,"
                    + " because it then runs in " + Source.MOUNT_PATH + "; remove it";
    public static final String WORKER_ENV =
            "spec.template.spec.containers: env names of the container worker must not begin with PODWORK_, because those"
                    + " never reach the worker; rename them";
    public static final String WORKER_MOUNTS =
            "spec.template.spec.containers: the container worker can't mount volumes at /podwork or "
                    + Source.MOUNT_PATH + ", where the operator mounts its own; choose another mountPath";
    public static final String RESOURCES =
            "spec.template.spec.containers and initContainers: resources.limits and requests must be quantities such as"
                    + " 500m, 2 or 512Mi (not 512MB); correct them";
    public static final String VOLUME_NAMES =
            "spec.template.spec.volumes must each have a name of their own, which doesn't begin with podwork, because those"
                    + " are the operator's; set or change it";

    private Refusals() {}
}
