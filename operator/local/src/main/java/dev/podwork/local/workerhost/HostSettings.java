package dev.podwork.local.workerhost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a file says of all its workers.
 *
 * @param variables those that the host was given, with their defaults; its workers had them too
 * @param limits resources of each worker, as Kubernetes writes them
 * @param concurrency how many tasks of one worker ran at once
 */
record HostSettings(Map<String, String> variables, Map<String, String> limits, int concurrency) {
    private static final String VERSION = "1.0";
    private static final BigDecimal MILLICORES_PER_PERCENT = BigDecimal.TEN;

    private static final String NOBODY_POLLS =
            "isn't carried over, because nothing polls a task manager here: whoever has a task creates a Job, its type as"
                    + " spec.type and its params as spec.data";
    private static final String NO_CALLS = "isn't carried over, because no task manager is called here; remove it";

    private static final Map<String, String> TASK_MANAGER = Map.of(
            "type",
            NOBODY_POLLS,
            "url",
            NOBODY_POLLS,
            "poll_interval",
            NO_CALLS,
            "timeout",
            NO_CALLS + " (the workers' own timeout is, as spec.timeouts.attempt)",
            "max_retries",
            NO_CALLS + " (the workers' own max_retries is, as spec.retry.attempts)",
            "retry_backoff",
            NO_CALLS + " (retries of tasks wait 1 s, 2 s, 4 s and so on, as WorkerHost's did)");

    private static final Map<String, String> SECTIONS = new TreeMap<>(Map.of(
            "logging",
            "isn't carried over: what a worker writes is the log of its pod (kubectl logs), and the operator's log level is a"
                    + " value of the chart",
            "monitoring",
            "isn't carried over: the operator has metrics and health checks of its own (port 8080)"));

    static HostSettings read(Field root) {
        Map<String, Field> sections = root.members();
        Known.of("version", "task_manager", "workers", "advanced", "logging", "monitoring")
                .check(sections);
        Optional.ofNullable(sections.get("version")).ifPresent(HostSettings::checkVersion);
        SECTIONS.forEach(
                (name, said) -> Optional.ofNullable(sections.get(name)).ifPresent(section -> section.notice(said)));
        Map<String, Field> advanced = members(sections.get("advanced"));
        Known.of("worker_pool", "resource_limits", "security").check(advanced);
        Map<String, Field> security = members(advanced.get("security"));
        boolean given = allowsVariables(security);
        Map<String, String> variables = taskManager(members(sections.get("task_manager")), given);
        return new HostSettings(
                variables,
                limits(members(advanced.get("resource_limits"))),
                concurrency(members(advanced.get("worker_pool"))));
    }

    private static void checkVersion(Field version) {
        version.text()
                .filter(text -> !text.equals(VERSION))
                .ifPresent(text -> version.notice("is " + text + ", and this import knows version " + VERSION
                        + " of the file; compare the definitions with what you mean"));
    }

    private static Map<String, String> taskManager(Map<String, Field> members, boolean given) {
        Known.of("type", "url", "api_key", "poll_interval", "timeout", "max_retries", "retry_backoff")
                .check(members);
        Map<String, String> variables = new LinkedHashMap<>();
        members.forEach((name, field) -> {
            Map<String, String> referred = field.raw().map(References::in).orElse(Map.of());
            if (!referred.isEmpty()) {
                variables.putAll(referred);
                field.notice((given
                                ? "is given to the workers as the variable %s, from a Secret, because WorkerHost's workers had"
                                        + " it; remove it from the env of those that don't call the task manager"
                                : "isn't given to the workers (%s), because security.allow_environment_variables is false")
                        .formatted(String.join(", ", referred.keySet())));
            } else if (name.equals("api_key")) {
                field.notice("isn't carried over, and stands in this file in plain text; move it to a Secret");
            } else if (TASK_MANAGER.containsKey(name)) {
                field.notice(TASK_MANAGER.get(name));
            }
        });
        return given ? variables : Map.of();
    }

    private static boolean allowsVariables(Map<String, Field> security) {
        Known.of("validate_worker_paths", "allow_environment_variables", "restricted_modules")
                .check(security);
        Optional.ofNullable(security.get("validate_worker_paths"))
                .ifPresent(field -> field.notice(
                        "isn't carried over: the worker's files are in its image, and a job whose image or command isn't there"
                                + " fails and says so"));
        Optional.ofNullable(security.get("restricted_modules"))
                .filter(field -> !field.items().isEmpty())
                .ifPresent(field -> field.notice(
                        "isn't carried over: nothing looks at what a worker imports; leave these modules out of its image, and"
                                + " limit what the pod may do in spec.template"));
        return Optional.ofNullable(security.get("allow_environment_variables"))
                .flatMap(Field::flag)
                .orElse(true);
    }

    private static Map<String, String> limits(Map<String, Field> members) {
        Known.of("max_memory_mb", "max_cpu_percent").check(members);
        Map<String, String> limits = new LinkedHashMap<>();
        positive(members.get("max_cpu_percent"), " of percent of one core")
                .ifPresent(percent -> limits.put("cpu", whole(percent.multiply(MILLICORES_PER_PERCENT)) + "m"));
        positive(members.get("max_memory_mb"), " of mebibytes").ifPresent(mb -> limits.put("memory", whole(mb) + "Mi"));
        return limits;
    }

    private static int concurrency(Map<String, Field> pool) {
        Known.of("enabled", "min_workers", "max_workers", "idle_timeout").check(pool);
        boolean enabled =
                Optional.ofNullable(pool.get("enabled")).flatMap(Field::flag).orElse(false);
        if (!enabled) {
            return 1;
        }
        Optional.ofNullable(pool.get("min_workers"))
                .ifPresent(field -> field.notice(
                        "isn't carried over: a pod is made for each job, and none waits for one; a job starts in under a second"
                                + " where its image is on the node"));
        Optional.ofNullable(pool.get("idle_timeout"))
                .ifPresent(field -> field.notice("isn't carried over: no worker is idle, for each ends with its job"));
        return positive(pool.get("max_workers"), "")
                .map(most -> most.intValue() < 1 ? 1 : most.intValue())
                .orElse(1);
    }

    private static Map<String, Field> members(@Nullable Field section) {
        return section == null ? Map.of() : section.members();
    }

    private static Optional<BigDecimal> positive(@Nullable Field field, String unit) {
        if (field == null || field.isNull()) {
            return Optional.empty();
        }
        Optional<BigDecimal> number = field.number(unit);
        number.filter(value -> value.signum() <= 0)
                .ifPresent(value -> field.mistake("must be above 0, not " + value + "; correct it, or remove it"));
        return number.filter(value -> value.signum() > 0);
    }

    private static String whole(BigDecimal value) {
        return value.setScale(0, RoundingMode.CEILING).toPlainString();
    }
}
