package dev.podwork.controller.testing;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/** Tells of pods what a kubelet would. */
public final class FakeKubelet {

    private final KubernetesClient client;

    public FakeKubelet(KubernetesClient client) {
        this.client = client;
    }

    public void running(Pod pod) {
        tell(
                pod,
                "Running",
                new ContainerStateBuilder().withNewRunning().endRunning().build());
    }

    public void waiting(Pod pod, String reason, String message) {
        tell(
                pod,
                "Pending",
                new ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason(reason)
                        .withMessage(message)
                        .endWaiting()
                        .build());
    }

    public void terminated(Pod pod, int exitCode, String reason, @Nullable String message) {
        tell(
                pod,
                exitCode == 0 ? "Succeeded" : "Failed",
                new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withReason(reason)
                        .withMessage(message)
                        .endTerminated()
                        .build());
    }

    private void tell(Pod pod, String phase, ContainerState worker) {
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .editStatus(now -> new PodBuilder(now)
                        .withNewStatus()
                        .withPhase(phase)
                        .withContainerStatuses(new ContainerStatusBuilder()
                                .withName("worker")
                                .withImage("any")
                                .withImageID("any")
                                .withReady(false)
                                .withRestartCount(0)
                                .withState(worker)
                                .build())
                        .endStatus()
                        .build());
    }
}
