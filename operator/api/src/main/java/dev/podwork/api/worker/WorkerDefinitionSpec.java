package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Code, image and surroundings of a worker. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "self.runtime != 'image' || has(self.image)",
        message = "spec.image is required when spec.runtime is image; name the image that holds the worker")
@ValidationRule(
        value = "self.runtime != 'image' || (has(self.command) && self.command.size() > 0)",
        message = "spec.command is required when spec.runtime is image; name the program and its arguments")
@ValidationRule(
        value = "self.runtime == 'image' || has(self.source) || (has(self.command) && self.command.size() > 0)",
        message = "spec.source is required when spec.runtime is python or node (unless spec.command starts the worker);"
                + " give the code as source.inline or source.configMap, or name a file of the image as source.file")
public record WorkerDefinitionSpec(
        @JsonPropertyDescription("python and node bring an image and a launcher; image runs any command.") @Required
        WorkerRuntime runtime,

        @JsonPropertyDescription("Container image; the runtime's own when absent.") @Size(min = 1) @Nullable
        String image,

        @JsonPropertyDescription(
                "Program and arguments; the runtime's launcher when absent. Required for runtime image.")
        List<String> command,

        @JsonPropertyDescription("Arguments after the command or the launcher's.")
        List<String> args,

        @JsonPropertyDescription("Code delivered with the definition, or where it is in the image.") @Nullable
        Source source,

        @JsonPropertyDescription("What the worker speaks on stdin and stdout.") @Default("jsonrpc") @Nullable
        Protocol protocol,

        @JsonPropertyDescription("Task types that this worker serves besides its own name.")
        List<String> taskTypes,

        @JsonPropertyDescription(
                "Overrides for the pod: metadata (labels, annotations), and a spec with resources, env, volumes, placement,"
                        + " service account and so on. The container named worker is the worker's own.")
        @Nullable
        PodTemplateSpec template) {

    public WorkerDefinitionSpec {
        command = command == null ? List.of() : List.copyOf(command);
        args = args == null ? List.of() : List.copyOf(args);
        taskTypes = taskTypes == null ? List.of() : List.copyOf(taskTypes);
    }

    /** Name of the worker's own container in the pod and in {@code template}. */
    public static final String WORKER_CONTAINER = "worker";
}
