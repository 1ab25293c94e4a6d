package dev.podwork.e2e;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Looks at a container's processes from beside it, as {@code kubectl debug --target} does; its own image needs no tools. */
final class Debugger {
    private static final String NAME = "debugger-";

    private Debugger() {}

    /** Runs a shell script where process 1 is the container's, as the same user, and returns what it printed. */
    static String run(Pod pod, String container, String script) {
        PodResource resource = Cluster.CLIENT
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName());
        String name = NAME + (1 + debuggers(resource.get()));
        resource.ephemeralContainers()
                .edit(current -> new PodBuilder(current)
                        .editSpec()
                        .addToEphemeralContainers(debugger(name, container, script, user(current, container)))
                        .endSpec()
                        .build());
        resource.waitUntilCondition(it -> ended(it, name), 30, TimeUnit.SECONDS);
        return resource.inContainer(name).getLog();
    }

    /** The most memory that the container's first process ever had, in bytes. */
    static long peakMemory(Pod pod, String container) {
        String status = run(pod, container, "cat /proc/1/status");
        return 1024
                * status.lines()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no VmHWM in:\n" + status));
    }

    private static EphemeralContainer debugger(String name, String target, String script, long user) {
        return new EphemeralContainerBuilder()
                .withName(name)
                .withTargetContainerName(target)
                .withImage(TestSettings.BUSYBOX)
                .withCommand("sh", "-c", script)
                .withNewSecurityContext()
                .withRunAsUser(user)
                .withRunAsNonRoot(true)
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .build();
    }

    private static long user(Pod pod, String container) {
        return java.util.stream.Stream.concat(
                        pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                .filter(it -> it.getName().equals(container))
                .map(it -> it.getSecurityContext())
                .filter(it -> it != null && it.getRunAsUser() != null)
                .map(it -> it.getRunAsUser())
                .findFirst()
                .or(() -> Optional.ofNullable(pod.getSpec().getSecurityContext().getRunAsUser()))
                .orElse(65532L);
    }

    private static long debuggers(Pod pod) {
        return pod.getSpec().getEphemeralContainers().size();
    }

    private static boolean ended(Pod pod, String name) {
        return pod.getStatus().getEphemeralContainerStatuses().stream()
                .filter(status -> status.getName().equals(name))
                .map(ContainerStatus::getState)
                .map(ContainerState::getTerminated)
                .anyMatch(java.util.Objects::nonNull);
    }
}
