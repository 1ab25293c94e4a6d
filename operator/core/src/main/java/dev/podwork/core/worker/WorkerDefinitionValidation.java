package dev.podwork.core.worker;

import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.Readiness;
import dev.podwork.api.worker.Refusals;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether jobs can run with a WorkerDefinition, and if not what to change.
 *
 * <p>An API server has refused most mistakes before anybody gets here. They are looked for all the same: an embedded API
 * server checks no rules, and an object may be older than a rule.
 */
public final class WorkerDefinitionValidation {
    private static final int NAME_LIMIT = 63;
    private static final int INLINE_LIMIT = 1_000_000;
    private static final Pattern CONFIG_MAP_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final Pattern HEALTH_PATH = Pattern.compile("/[^\\s#]*");
    private static final Pattern NODE_FILE = Pattern.compile(".*[.][cm]?[jt]s");

    /**
     * The definition's {@code Ready} condition.
     *
     * @param configMapKeys keys of the ConfigMap that {@code spec.source.configMap} names; null when there is no such
     *     ConfigMap, or none is named
     */
    public static Condition ready(WorkerDefinition definition, @Nullable Set<String> configMapKeys, Instant now) {
        List<String> mistakes = mistakes(definition);
        if (!mistakes.isEmpty()) {
            return condition(definition, "False", Readiness.INVALID, String.join(". ", mistakes), now);
        }
        String missing = missingSource(definition.getSpec().source(), configMapKeys);
        if (missing != null) {
            return condition(definition, "False", Readiness.SOURCE_NOT_FOUND, missing, now);
        }
        return condition(definition, "True", Readiness.VALID, "jobs can run with this definition", now);
    }

    /** What only another definition can mend, one sentence each. */
    public static List<String> mistakes(WorkerDefinition definition) {
        WorkerDefinitionSpec spec = definition.getSpec();
        if (spec == null) {
            return List.of("spec is required; say at least spec.runtime and where the worker's code is");
        }
        Mistakes mistakes = new Mistakes();
        mistakes.when(definition.getMetadata().getName().length() > NAME_LIMIT, Refusals.NAME_LENGTH);
        checkCommand(spec, mistakes);
        if (spec.source() != null) {
            checkSource(spec.runtime(), spec.source(), mistakes);
        }
        checkTaskTypes(spec.taskTypes(), mistakes);
        checkProtocol(spec, mistakes);
        mistakes.when(spec.concurrency() != null && spec.concurrency() < 1, Refusals.CONCURRENCY);
        if (spec.template() != null) {
            TemplateValidation.check(spec.template(), isDelivered(spec.source()), mistakes);
        }
        return mistakes.found;
    }

    private static void checkCommand(WorkerDefinitionSpec spec, Mistakes mistakes) {
        boolean hasCommand = !spec.command().isEmpty();
        if (spec.runtime() == null) {
            mistakes.when(true, "spec.runtime is required; set it to python, node or image");
        } else if (spec.runtime() == WorkerRuntime.IMAGE) {
            mistakes.when(spec.image() == null, Refusals.IMAGE_MISSING);
            mistakes.when(!hasCommand, Refusals.COMMAND_MISSING);
        } else {
            mistakes.when(spec.source() == null && !hasCommand, Refusals.SOURCE_MISSING);
        }
        mistakes.when(
                spec.image() != null
                        && (spec.image().isEmpty() || spec.image().chars().anyMatch(Character::isWhitespace)),
                Refusals.IMAGE_BLANKS);
        mistakes.when(hasCommand && spec.command().get(0).isEmpty(), Refusals.COMMAND_EMPTY);
    }

    private static void checkSource(@Nullable WorkerRuntime runtime, Source source, Mistakes mistakes) {
        String inline = source.inline();
        String file = source.file();
        boolean delivered = isDelivered(source);
        mistakes.when(inline != null && source.configMap() != null, Refusals.SOURCE_TWICE);
        mistakes.when(inline == null && file == null, Refusals.FILE_MISSING);
        mistakes.when(
                inline != null && inline.getBytes(StandardCharsets.UTF_8).length > INLINE_LIMIT, Refusals.INLINE_SIZE);
        mistakes.when(inline != null && file == null && runtime == WorkerRuntime.IMAGE, Refusals.FILE_WITHOUT_NAME);
        if (file != null) {
            mistakes.when(delivered && !isConfigMapKey(file), Refusals.FILE_NOT_PLAIN);
            mistakes.when(runtime == WorkerRuntime.PYTHON && !file.endsWith(".py"), Refusals.FILE_NOT_PYTHON);
            mistakes.when(
                    runtime == WorkerRuntime.NODE && !NODE_FILE.matcher(file).matches(), Refusals.FILE_NOT_NODE);
            mistakes.when(runtime == WorkerRuntime.IMAGE && !delivered, Refusals.FILE_UNUSED);
        }
    }

    private static boolean isDelivered(@Nullable Source source) {
        return source != null && (source.inline() != null || source.configMap() != null);
    }

    private static boolean isConfigMapKey(String file) {
        return CONFIG_MAP_KEY.matcher(file).matches() && !file.equals(".") && !file.startsWith("..");
    }

    private static void checkProtocol(WorkerDefinitionSpec spec, Mistakes mistakes) {
        boolean configurable = spec.protocol() == Protocol.HTTP || spec.protocol() == Protocol.MESSAGES;
        // A rule of the API server's cannot see a field of any JSON.
        mistakes.when(
                spec.config() != null && !configurable,
                "spec.config is for the protocols http and messages; set spec.protocol, or hand the values over in spec.data of"
                        + " the Job or as variables in spec.template");
        mistakes.when(
                spec.configSchema() != null && !configurable,
                "spec.configSchema is for the protocols http and messages, which have a spec.config; set spec.protocol, or"
                        + " remove it");
        if (spec.configSchema() != null && configurable) {
            ConfigSchema.problems(spec.configSchema(), spec.config()).forEach(problem -> mistakes.when(true, problem));
        }
        mistakes.when(spec.http() != null && spec.protocol() != Protocol.HTTP, Refusals.HTTP_PROTOCOL);
        mistakes.when(
                spec.http() != null
                        && spec.http().healthPath() != null
                        && !HEALTH_PATH.matcher(spec.http().healthPath()).matches(),
                Refusals.HEALTH_PATH);
        mistakes.when(spec.messages() != null && spec.protocol() != Protocol.MESSAGES, Refusals.MESSAGES_PROTOCOL);
    }

    private static void checkTaskTypes(List<String> taskTypes, Mistakes mistakes) {
        mistakes.when(
                taskTypes.stream()
                        .anyMatch(type -> type.isEmpty() || !type.strip().equals(type)),
                Refusals.TASK_TYPE_BLANKS);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < taskTypes.size(); i++) {
            mistakes.when(
                    !seen.add(taskTypes.get(i)),
                    "spec.taskTypes[%d]: Duplicate value: \"%s\"; remove it".formatted(i, taskTypes.get(i)));
        }
    }

    private static @Nullable String missingSource(@Nullable Source source, @Nullable Set<String> configMapKeys) {
        if (source == null || source.configMap() == null) {
            return null;
        }
        String configMap = source.configMap().name();
        if (configMapKeys == null) {
            return "spec.source.configMap.name: there is no ConfigMap %s in this namespace; create it or change the name"
                    .formatted(configMap);
        }
        if (!configMapKeys.contains(source.file())) {
            String others = configMapKeys.isEmpty()
                    ? ""
                    : ", or name one of its keys: " + String.join(", ", new TreeSet<>(configMapKeys));
            return "spec.source.file: the ConfigMap %s has no key %s; add it%s"
                    .formatted(configMap, source.file(), others);
        }
        return null;
    }

    /** Keeps the time of the last change as long as the status stays the same. */
    private static Condition condition(
            WorkerDefinition definition, String status, String reason, String message, Instant now) {
        String since = definition.getStatus() == null
                ? now.toString()
                : definition.getStatus().conditions().stream()
                        .filter(c -> Readiness.CONDITION.equals(c.getType()) && status.equals(c.getStatus()))
                        .map(Condition::getLastTransitionTime)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(now.toString());
        return new ConditionBuilder()
                .withType(Readiness.CONDITION)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(definition.getMetadata().getGeneration())
                .withLastTransitionTime(since)
                .build();
    }

    /** Collects what is wrong, each thing once. */
    static final class Mistakes {
        private final List<String> found = new ArrayList<>();

        void when(boolean wrong, String message) {
            if (wrong && !found.contains(message)) {
                found.add(message);
            }
        }
    }

    private WorkerDefinitionValidation() {}
}
