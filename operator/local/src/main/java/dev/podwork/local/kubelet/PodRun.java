package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One pod, from its first process to its last. */
final class PodRun {
    private static final Duration SIDECAR_GRACE = Duration.ofSeconds(5);
    private static final String SIDECAR_POLICY = "Always";

    private final Pod pod;
    private final Machine machine;
    private final Path folder;
    private final PodStatusWriter status;
    private final Deque<Sidecar> sidecars = new ArrayDeque<>();
    private final CompletableFuture<Duration> termination = new CompletableFuture<>();
    private volatile boolean pastDeadline;

    PodRun(Pod pod, Machine machine, Path folder, PodStatusWriter status) {
        this.pod = pod;
        this.machine = machine;
        this.folder = folder;
        this.status = status;
    }

    /** Ends the pod's containers: SIGTERM, and SIGKILL after the grace. Sidecars follow. */
    void terminate(Duration grace) {
        termination.complete(grace);
    }

    /** Returns when all of the pod's processes have ended and its status says how. */
    void run() {
        PodFolder.create(folder);
        try {
            boolean succeeded = runContainers();
            if (pastDeadline) {
                status.publish("Failed", "DeadlineExceeded", "the pod ran longer than its activeDeadlineSeconds");
            } else {
                status.publish(succeeded ? "Succeeded" : "Failed", null, null);
            }
        } catch (PodStartException e) {
            status.publish("Failed", e.reason(), e.getMessage());
        } finally {
            PodFolder.delete(folder);
        }
    }

    /** Whether all of them ended well. */
    private boolean runContainers() {
        PodObjects objects = new PodObjects(machine.client(), pod.getMetadata().getNamespace());
        Volumes volumes = new Volumes(pod, objects, machine.tokens(), folder.resolve("volumes"));
        ContainerCommands commands = new ContainerCommands(
                pod,
                machine.images(),
                volumes.make(),
                new ContainerEnvironment(pod, objects),
                machine.imageDirectory().apply(pod),
                folder);
        try (Timers timers = new Timers(machine.timer())) {
            volumes.renewal().ifPresent(period -> timers.every(period, volumes::renewTokens));
            deadline().ifPresent(deadline -> timers.after(deadline, this::exceedDeadline));
            return initialize(commands) && runMains(commands);
        } finally {
            stopSidecars();
        }
    }

    private boolean initialize(ContainerCommands commands) {
        for (Container container : pod.getSpec().getInitContainers()) {
            if (SIDECAR_POLICY.equals(container.getRestartPolicy())) {
                sidecars.push(new Sidecar(
                        () -> start(container, commands), () -> status.restarting(container), machine.timer()));
                postStart(container, commands);
            } else if (startStoppable(container, commands).join().exitCode() != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean runMains(ContainerCommands commands) {
        List<CompletableFuture<ContainerProcess.End>> ends = new ArrayList<>();
        for (Container container : pod.getSpec().getContainers()) {
            ends.add(startStoppable(container, commands));
            postStart(container, commands);
        }
        status.publish("Running", null, null);
        return ends.stream()
                        .map(CompletableFuture::join)
                        .filter(end -> end.exitCode() != 0)
                        .count()
                == 0;
    }

    private CompletableFuture<ContainerProcess.End> startStoppable(Container container, ContainerCommands commands) {
        ContainerProcess process = start(container, commands);
        CompletableFuture<Void> unused = termination.thenAccept(process::stop);
        return process.ended().whenComplete((end, error) -> {
            if (end != null) {
                status.ended(container, end);
            }
        });
    }

    private ContainerProcess start(Container container, ContainerCommands commands) {
        try {
            ContainerProcess process = start(commands.of(container), container);
            status.running(container, process.startedAt());
            return process;
        } catch (PodStartException e) {
            status.notStarted(container, e);
            throw e;
        }
    }

    private ContainerProcess start(ContainerCommand command, Container container) {
        return ContainerProcess.start(
                command,
                line -> machine.log().line(pod, container.getName(), line),
                machine.executor(),
                machine.clock());
    }

    /** The next container waits for the hook, as a kubelet has it. */
    private void postStart(Container container, ContainerCommands commands) {
        Optional<LifecycleHandler> hook =
                Optional.ofNullable(container.getLifecycle()).map(Lifecycle::getPostStart);
        if (hook.isEmpty()) {
            return;
        }
        ExecAction exec = hook.get().getExec();
        if (exec == null) {
            throw new PodStartException(
                    "PostStartHookError",
                    "the postStart hook of " + container.getName() + " is no command; only exec hooks are run here");
        }
        int code = start(commands.hook(container, exec.getCommand()), container)
                .ended()
                .join()
                .exitCode();
        if (code != 0) {
            throw new PodStartException(
                    "PostStartHookError", "the postStart hook of " + container.getName() + " exited with code " + code);
        }
    }

    /** In reverse order, as a kubelet has it. */
    private void stopSidecars() {
        while (!sidecars.isEmpty()) {
            sidecars.pop().stop(SIDECAR_GRACE).join();
        }
    }

    private Optional<Duration> deadline() {
        return Optional.ofNullable(pod.getSpec().getActiveDeadlineSeconds()).map(Duration::ofSeconds);
    }

    private void exceedDeadline() {
        pastDeadline = true;
        terminate(grace(pod));
    }

    static Duration grace(Pod pod) {
        @Nullable Long seconds = pod.getSpec().getTerminationGracePeriodSeconds();
        return seconds == null ? SIDECAR_GRACE : Duration.ofSeconds(seconds);
    }
}
