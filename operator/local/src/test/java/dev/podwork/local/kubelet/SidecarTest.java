package dev.podwork.local.kubelet;

import static dev.podwork.local.kubelet.LaptopNode.shell;
import static dev.podwork.local.kubelet.LaptopNode.terminated;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import org.junit.jupiter.api.Test;

/** Containers that come before the worker, and stay. */
class SidecarTest extends OnALaptop {

    @Test
    void aSidecarIsThereBeforeTheWorkerAndGoesAfterIt() {
        Pod pod = node.awaitEnd(node.create("served", withSidecar("""
                trap 'echo stopped; exit 0' TERM; echo serving; touch /podwork/ready; while :; do sleep 0.1; done""", """
                while [ ! -e /podwork/ready ]; do sleep 0.05; done; echo worked""")));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        // Each container is read by itself, so that of two that write at the same time either may be heard first.
        assertThat(node.lines)
                .containsExactlyInAnyOrder("relay: serving", "worker: worked", "relay: stopped")
                .last()
                .isEqualTo("relay: stopped");
    }

    @Test
    void aSidecarThatDiesIsStartedAgain() {
        Pod pod = node.awaitEnd(node.create("restarted", withSidecar("""
                echo serving; [ -e /podwork/again ] || { touch /podwork/again; exit 1; }; touch /podwork/ready; sleep 60""", """
                while [ ! -e /podwork/ready ]; do sleep 0.05; done""")));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(pod.getStatus().getInitContainerStatuses().get(0).getRestartCount())
                .isEqualTo(1);
    }

    @Test
    void anInitContainerThatFailsEndsThePod() {
        PodSpec spec = new PodSpecBuilder()
                .addToInitContainers(shell("prepare", "exit 3"))
                .addToContainers(shell("worker", "echo never"))
                .build();

        Pod pod = node.awaitEnd(node.create("unprepared", spec));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
        assertThat(node.lines).isEmpty();
    }

    @Test
    void theShimThatARelayInstallsRunsTheWorker() {
        Container relay = new ContainerBuilder()
                .withName("relay")
                .withImage(Images.RELAY)
                .withArgs("relay")
                .withRestartPolicy("Always")
                .addNewEnv()
                .withName("PODWORK_SERVER")
                .withValue("127.0.0.1:1")
                .endEnv()
                .addNewVolumeMount()
                .withName("podwork")
                .withMountPath("/podwork")
                .endVolumeMount()
                .withNewLifecycle()
                .withNewPostStart()
                .withNewExec()
                .withCommand("/podwork-relay", "install", "/podwork")
                .endExec()
                .endPostStart()
                .endLifecycle()
                .build();
        Container worker = new ContainerBuilder(shell("worker", ""))
                .withCommand("/podwork/podwork-relay", "shim", "--", "sh", "-c", "echo to the log >&2; exit 7")
                .addNewEnv()
                .withName("PODWORK_DRAIN_SECONDS")
                .withValue("1")
                .endEnv()
                .addNewVolumeMount()
                .withName("podwork")
                .withMountPath("/podwork")
                .endVolumeMount()
                .build();
        PodSpec spec = new PodSpecBuilder()
                .addNewVolume()
                .withName("podwork")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .withInitContainers(relay)
                .withContainers(worker)
                .build();

        Pod pod = node.awaitEnd(node.create("shimmed", spec));

        assertThat(terminated(pod).getExitCode()).isEqualTo(7);
        assertThat(terminated(pod).getMessage()).contains("\"code\":7", "to the log");
        assertThat(node.lines).contains("worker: to the log");
    }

    private static PodSpec withSidecar(String sidecar, String worker) {
        return new PodSpecBuilder()
                .addNewVolume()
                .withName("shared")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .addToInitContainers(new ContainerBuilder(shell("relay", sidecar))
                        .withRestartPolicy("Always")
                        .addNewVolumeMount()
                        .withName("shared")
                        .withMountPath("/podwork")
                        .endVolumeMount()
                        .build())
                .addToContainers(new ContainerBuilder(shell("worker", worker))
                        .addNewVolumeMount()
                        .withName("shared")
                        .withMountPath("/podwork")
                        .endVolumeMount()
                        .build())
                .build();
    }
}
