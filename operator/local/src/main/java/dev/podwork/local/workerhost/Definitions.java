package dev.podwork.local.workerhost;

import dev.podwork.api.attempt.Backoff;
import dev.podwork.api.attempt.BackoffBuilder;
import dev.podwork.api.attempt.BackoffType;
import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.attempt.RetryAction;
import dev.podwork.api.attempt.RetryBuilder;
import dev.podwork.api.attempt.RetryRule;
import dev.podwork.api.attempt.RetryRuleBuilder;
import dev.podwork.api.attempt.TimeoutsBuilder;
import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a worker of the file is as a WorkerDefinition. */
final class Definitions {
    private static final String LAUNCHER = "podwork.task";
    private static final Backoff BACKOFF = BackoffBuilder.builder()
            .type(BackoffType.EXPONENTIAL)
            .base("1s")
            .factor(2.0)
            .jitter(0.0)
            .build();
    /** WorkerHost tried no task again that had run out of time. */
    private static final RetryRule TIMEOUTS_ARE_FINAL = RetryRuleBuilder.builder()
            .classes(List.of(FailureClass.TIMEOUT))
            .action(RetryAction.FAIL)
            .build();

    private final Target target;

    Definitions(Target target) {
        this.target = target;
    }

    /** @param turn its place among the workers of a task type, 0 for the first */
    WorkerDefinition of(HostWorker worker, HostSettings settings, int turn) {
        String name = DefinitionName.of(worker.name());
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withAnnotations(worker.notes())
                .build());
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.IMAGE)
                .image(target.image(name))
                .command(command(worker))
                .protocol(Protocol.TASK)
                .taskTypes(worker.taskTypes())
                .template(template(worker, settings))
                .timeouts(TimeoutsBuilder.builder().attempt(worker.timeout()).build())
                .retry(retry(worker.retries()))
                .concurrency(settings.concurrency())
                .fallback(turn == 0 ? null : turn)
                .build());
        return definition;
    }

    /** The variables that the worker gets from the Secret, with their defaults. */
    static Map<String, String> variables(HostWorker worker, HostSettings settings) {
        Map<String, String> variables = new LinkedHashMap<>(References.in(worker.module()));
        variables.putAll(References.in(worker.function()));
        variables.putAll(settings.variables());
        return variables;
    }

    private List<String> command(HostWorker worker) {
        String python = "python3";
        if (target.machine() != null) {
            Path interpreter = onMachine(target.machine(), worker.venvPython());
            if (!Files.isExecutable(interpreter)) {
                worker.field()
                        .mistake(
                                "has the venv_python " + interpreter
                                        + ", which is no program of this machine; make the virtual environment, or leave out --laptop");
            }
            python = interpreter.toString();
        } else if (worker.python().filter(version -> version.major() < 3).isPresent()) {
            python = "python2";
        }
        String module = References.inCommand(worker.module());
        String function = References.inCommand(worker.function());
        if (worker.python().map(PythonVersion::runsLauncher).orElse(true)) {
            return List.of(python, "-m", LAUNCHER, module, function);
        }
        worker.field()
                .notice(
                        "is for Python %s, too old for the launcher that calls a function (3.8), so that its command is %s -m %s,"
                                        .formatted(
                                                worker.python()
                                                        .map(Object::toString)
                                                        .orElse(""),
                                                python,
                                                worker.module())
                                + " as WorkerHost's was; the module must call " + worker.function()
                                + " itself: if __name__ == \"__main__\"");
        return List.of(python, "-m", module, function);
    }

    private @Nullable PodTemplateSpec template(HostWorker worker, HostSettings settings) {
        Container container = container(worker, settings);
        return container == null
                ? null
                : new PodTemplateSpecBuilder()
                        .withNewSpec()
                        .addToContainers(container)
                        .endSpec()
                        .build();
    }

    private @Nullable Container container(HostWorker worker, HostSettings settings) {
        Map<String, String> variables = variables(worker, settings);
        if (variables.isEmpty() && settings.limits().isEmpty() && target.machine() == null) {
            return null;
        }
        ContainerBuilder container = new ContainerBuilder().withName(WorkerDefinitionSpec.WORKER_CONTAINER);
        variables
                .keySet()
                .forEach(name -> container
                        .addNewEnv()
                        .withName(name)
                        .withNewValueFrom()
                        .withNewSecretKeyRef(name, target.secret(), null)
                        .endValueFrom()
                        .endEnv());
        if (!settings.limits().isEmpty()) {
            Map<String, Quantity> limits = new LinkedHashMap<>();
            settings.limits().forEach((resource, limit) -> limits.put(resource, new Quantity(limit)));
            container.withNewResources().withLimits(limits).endResources();
        }
        if (target.machine() != null) {
            Path project = onMachine(target.machine(), worker.projectPath());
            if (!Files.isDirectory(project)) {
                worker.field()
                        .mistake("has the project_path " + project
                                + ", which is no folder of this machine; correct it, or leave out --laptop");
            }
            container.withWorkingDir(project.toString());
        }
        return container.build();
    }

    private static Path onMachine(Path folder, String path) {
        return folder.resolve(path).toAbsolutePath().normalize();
    }

    private static Retry retry(int retries) {
        return retries == 0
                ? RetryBuilder.builder().attempts(1).build()
                : RetryBuilder.builder()
                        .attempts(retries + 1)
                        .backoff(BACKOFF)
                        .rules(List.of(TIMEOUTS_ARE_FINAL))
                        .build();
    }
}
