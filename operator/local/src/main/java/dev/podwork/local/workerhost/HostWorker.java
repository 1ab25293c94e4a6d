package dev.podwork.local.workerhost;

import dev.podwork.api.attempt.GoDuration;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker of the file.
 *
 * @param timeout as a duration of ours
 * @param retries tries after the first
 * @param notes its description and metadata, by annotations of ours
 */
record HostWorker(
        Field field,
        String name,
        String projectPath,
        String venvPython,
        String module,
        String function,
        List<String> taskTypes,
        String timeout,
        int retries,
        Optional<PythonVersion> python,
        Map<String, String> notes) {
    private static final String DEFAULT_TIMEOUT = "300s";
    private static final int DEFAULT_RETRIES = 3;
    private static final int MOST_RETRIES = 99;
    private static final String SUBPROCESS = "subprocess";
    private static final String NOTES = "workerhost/";
    private static final String NOTE = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";

    /** Empty when something of it is wrong, or it is not for this place; which has been said then. */
    static Optional<HostWorker> read(Field entry) {
        Map<String, Field> members = entry.members();
        Optional<String> name = required(entry, members, "name", "its name").flatMap(Field::text);
        return name.flatMap(known -> {
            Field named = entry.of(known);
            return read(named, known, named.members());
        });
    }

    private static Optional<HostWorker> read(Field entry, String name, Map<String, Field> members) {
        Known.of(
                        "name",
                        "type",
                        "url",
                        "description",
                        "project_path",
                        "venv_python",
                        "module",
                        "function",
                        "task_types",
                        "timeout",
                        "max_retries",
                        "metadata")
                .check(members);
        String type =
                Optional.ofNullable(members.get("type")).flatMap(Field::text).orElse(SUBPROCESS);
        if (!type.equals(SUBPROCESS)) {
            Objects.requireNonNull(members.get("type"))
                    .notice(
                            type.equals("http")
                                    ? "is http, and a server elsewhere is no worker here, so this one is left out: write a"
                                            + " WorkerDefinition with protocol: http that starts the server in its pod"
                                            + " (docs/workers/http.md)"
                                    : "is " + type
                                            + ", and only subprocess can be imported, so this worker is left out");
            return Optional.empty();
        }
        Optional.ofNullable(members.get("url"))
                .ifPresent(url ->
                        url.notice("isn't carried over, because a worker of type subprocess has none; remove it"));
        Optional<String> project = text(entry, members, "project_path", "the folder of its project");
        Optional<String> python = text(entry, members, "venv_python", "the Python that runs it");
        Optional<String> module = required(entry, members, "module", "the module that holds its function")
                .flatMap(Field::raw);
        Optional<String> function =
                required(entry, members, "function", "the function to call").flatMap(Field::raw);
        Optional<List<String>> types =
                required(entry, members, "task_types", "the types of its tasks").map(HostWorker::taskTypes);
        Map<String, Field> metadata =
                Optional.ofNullable(members.get("metadata")).map(Field::members).orElse(Map.of());
        if (project.isEmpty() || python.isEmpty() || module.isEmpty() || function.isEmpty() || types.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HostWorker(
                entry,
                name,
                project.get(),
                python.get(),
                module.get(),
                function.get(),
                types.get(),
                timeout(members.get("timeout")),
                retries(members.get("max_retries")),
                PythonVersion.of(metadata.get("python_version"), python.get()),
                notes(name, members.get("description"), metadata)));
    }

    private static Optional<Field> required(Field entry, Map<String, Field> members, String key, String what) {
        Field field = members.get(key);
        if (field == null || field.isNull()) {
            entry.mistake("needs " + key + ", " + what + "; add it");
            return Optional.empty();
        }
        return Optional.of(field);
    }

    private static Optional<String> text(Field entry, Map<String, Field> members, String key, String what) {
        return required(entry, members, key, what).flatMap(Field::text);
    }

    private static List<String> taskTypes(Field field) {
        List<String> types = new ArrayList<>();
        for (Field item : field.items()) {
            item.text().map(String::strip).ifPresent(type -> {
                if (types.contains(type)) {
                    item.notice("is there already; once is enough");
                } else {
                    types.add(type);
                }
            });
        }
        if (field.items().isEmpty()) {
            field.mistake("is empty, so that no task would ever come; name one");
        }
        return types;
    }

    private static String timeout(@Nullable Field field) {
        if (field == null || field.isNull()) {
            return DEFAULT_TIMEOUT;
        }
        Optional<BigDecimal> seconds = field.number(" of seconds");
        String duration = seconds.map(value -> value.toPlainString() + "s").orElse(DEFAULT_TIMEOUT);
        if (seconds.isPresent() && GoDuration.parse(duration).isEmpty()) {
            field.mistake("must be seconds above 0, with at most three decimals, not " + seconds.get()
                    + "; correct it, or remove it for " + DEFAULT_TIMEOUT);
        }
        return duration;
    }

    private static int retries(@Nullable Field field) {
        if (field == null || field.isNull()) {
            return DEFAULT_RETRIES;
        }
        Optional<BigDecimal> number = field.number("");
        if (number.isEmpty()) {
            return DEFAULT_RETRIES;
        }
        BigDecimal retries = number.get();
        if (retries.signum() < 0 || retries.stripTrailingZeros().scale() > 0) {
            field.mistake("must be a whole number of at least 0, not " + retries + "; correct it");
            return DEFAULT_RETRIES;
        }
        if (retries.compareTo(BigDecimal.valueOf(MOST_RETRIES)) > 0) {
            field.notice("is " + retries
                    + ", and there are at most 100 attempts in all; write fewer, or let whoever creates the"
                    + " Job create another");
            return MOST_RETRIES;
        }
        return retries.intValueExact();
    }

    private static Map<String, String> notes(String name, @Nullable Field description, Map<String, Field> metadata) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put(NOTES + "name", name);
        Optional.ofNullable(description)
                .flatMap(Field::text)
                .ifPresent(text -> notes.put("kubernetes.io/description", text));
        metadata.forEach((key, field) -> {
            if (key.equals("name") || !key.matches(NOTE)) {
                field.notice("isn't carried over, because an annotation can't have this name; rename it");
            } else if (!field.isNull()) {
                List<String> texts = field.items().stream()
                        .flatMap(item -> item.raw().stream())
                        .toList();
                notes.put(NOTES + key, String.join(", ", texts));
            }
        });
        return notes;
    }
}
