package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.Buildable;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.attempt.Timeouts;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Code, image and surroundings of a worker. */
@JsonClassDescription("Code, image and surroundings of the worker.")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = "self.runtime != 'image' || has(self.image)", message = Refusals.IMAGE_MISSING)
@ValidationRule(value = "!has(self.image) || self.image.matches('^\\\\S+$')", message = Refusals.IMAGE_BLANKS)
@ValidationRule(
        value = "self.runtime != 'image' || (has(self.command) && self.command.size() > 0)",
        message = Refusals.COMMAND_MISSING)
@ValidationRule(
        value = "!has(self.command) || self.command.size() == 0 || self.command[0] != ''",
        message = Refusals.COMMAND_EMPTY)
@ValidationRule(
        value = "self.runtime == 'image' || has(self.source) || (has(self.command) && self.command.size() > 0)",
        message = Refusals.SOURCE_MISSING)
@ValidationRule(
        value =
                "self.runtime != 'python' || !has(self.source) || !has(self.source.file) || self.source.file.endsWith('.py')",
        message = Refusals.FILE_NOT_PYTHON)
@ValidationRule(
        value = "self.runtime != 'node' || !has(self.source) || !has(self.source.file)"
                + " || self.source.file.matches('[.][cm]?[jt]s$')",
        message = Refusals.FILE_NOT_NODE)
@ValidationRule(
        value = "self.runtime != 'image' || !has(self.source) || !has(self.source.inline) || has(self.source.file)",
        message = Refusals.FILE_WITHOUT_NAME)
@ValidationRule(
        value = "self.runtime != 'image' || !has(self.source) || !has(self.source.file) || has(self.source.inline)"
                + " || has(self.source.configMap)",
        message = Refusals.FILE_UNUSED)
@ValidationRule(value = "!has(self.concurrency) || self.concurrency >= 1", message = Refusals.CONCURRENCY)
@ValidationRule(
        value = "!has(self.taskTypes) || self.taskTypes.all(t, t != '' && t.trim() == t)",
        message = Refusals.TASK_TYPE_BLANKS)
@ValidationRule(
        value =
                "!has(self.source) || !(has(self.source.inline) || has(self.source.configMap)) || !has(self.template)"
                        + " || !has(self.template.spec) || !has(self.template.spec.containers)"
                        + " || !self.template.spec.containers.exists(c, has(c.name) && c.name == 'worker' && has(c.workingDir))",
        message = Refusals.WORKER_DIRECTORY)
@ValidationRule(value = "!has(self.http) || self.protocol == 'http'", message = Refusals.HTTP_PROTOCOL)
@ValidationRule(value = "!has(self.messages) || self.protocol == 'messages'", message = Refusals.MESSAGES_PROTOCOL)
@Buildable
public record WorkerDefinitionSpec(
        @JsonPropertyDescription("python and node bring an image and a launcher; image runs any command.") @Required
        WorkerRuntime runtime,

        @JsonPropertyDescription("Container image; the runtime's own when absent.") @Size(min = 1, max = 1024) @Nullable
        String image,

        @JsonPropertyDescription(
                "Program and arguments; the runtime's launcher when absent. Required for runtime image.")
        @Size(max = 256)
        List<String> command,

        @JsonPropertyDescription("Arguments after the command or the launcher's.") @Size(max = 256)
        List<String> args,

        @JsonPropertyDescription("Code delivered with the definition, or where it is in the image.") @Nullable
        Source source,

        @JsonPropertyDescription(
                "What the worker speaks: JSON-RPC on stdin and stdout; one task document in, one out; HTTP on loopback; or a loop of messages.")
        @Default("jsonrpc")
        @Nullable
        Protocol protocol,

        @JsonPropertyDescription("Task types that this worker serves besides its own name.") @Size(max = 256)
        List<@Size(max = 253) String> taskTypes,

        @JsonPropertyDescription(
                "Overrides for the pod: metadata (labels, annotations), and a spec with resources, env, volumes, placement,"
                        + " service account and so on. The container named worker is the worker's own.")
        @SchemaFrom(type = TemplateSchema.class)
        @Nullable
        PodTemplateSpec template,

        @JsonPropertyDescription("How long jobs may take, unless they say otherwise.") @Nullable
        Timeouts timeouts,

        @JsonPropertyDescription("When a failed attempt is followed by another, unless jobs say otherwise.") @Nullable
        Retry retry,

        @JsonPropertyDescription(
                "How many jobs of this worker run at once; the others wait by priority, then age. No limit when absent.")
        @Max(1_000_000)
        @Nullable
        Integer concurrency,

        @JsonPropertyDescription("Configuration of an http or messages worker, which gets it before its job.") @Nullable
        Map<String, JsonNode> config,

        @JsonPropertyDescription("JSON Schema that config must fit.") @Nullable
        Map<String, JsonNode> configSchema,

        @JsonPropertyDescription("How a worker of the protocol http is asked.") @Nullable
        HttpProtocol http,

        @JsonPropertyDescription("What a worker of the protocol messages is told.") @Nullable
        MessagesProtocol messages,

        @JsonPropertyDescription(
                "When its turn is among the workers of a task type: those with 0 share the load, those with 1 get what these have no room for, and so on. 0 when absent.")
        @Min(0)
        @Max(100)
        @Nullable
        Integer fallback)
        implements WorkerDefinitionSpecBuilder.With {

    public WorkerDefinitionSpec {
        command = command == null ? List.of() : List.copyOf(command);
        args = args == null ? List.of() : List.copyOf(args);
        taskTypes = taskTypes == null ? List.of() : List.copyOf(taskTypes);
        config = config == null || config.isEmpty() ? null : Collections.unmodifiableMap(new LinkedHashMap<>(config));
        configSchema = configSchema == null || configSchema.isEmpty()
                ? null
                : Collections.unmodifiableMap(new LinkedHashMap<>(configSchema));
    }

    /** Name of the worker's own container in the pod and in {@code template}. */
    public static final String WORKER_CONTAINER = "worker";
}
