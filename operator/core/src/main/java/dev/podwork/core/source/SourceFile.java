package dev.podwork.core.source;

import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import org.jspecify.annotations.Nullable;

/** The file that holds a worker's handler. */
public final class SourceFile {

    private SourceFile() {}

    /** Its name as the definition gives it, or the runtime's default for inline code. */
    public static String name(WorkerDefinitionSpec spec, Source source) {
        if (source.file() != null) {
            return source.file();
        }
        return switch (spec.runtime()) {
            case PYTHON -> "worker.py";
            case NODE -> "worker.mjs";
            case IMAGE -> "worker";
        };
    }

    /** Whether the code is mounted into the pod at {@link Source#MOUNT_PATH}, rather than being in the image. */
    public static boolean isDelivered(@Nullable Source source) {
        return source != null && (source.inline() != null || source.configMap() != null);
    }

    /** Its path in the worker's container. */
    public static String path(WorkerDefinitionSpec spec, Source source) {
        String name = name(spec, source);
        return isDelivered(source) ? Source.MOUNT_PATH + "/" + name : name;
    }
}
