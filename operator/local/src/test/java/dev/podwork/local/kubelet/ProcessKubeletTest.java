package dev.podwork.local.kubelet;

import static dev.podwork.local.kubelet.LaptopNode.shell;
import static dev.podwork.local.kubelet.LaptopNode.terminated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How pods end. */
class ProcessKubeletTest extends OnALaptop {

    @Test
    void aPodThatEndsWellSucceedsAndItsOutputIsSeen() {
        Pod pod = node.run("good", shell("worker", "echo to stdout; echo to stderr >&2"));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(terminated(pod).getExitCode()).isZero();
        assertThat(terminated(pod).getReason()).isEqualTo("Completed");
        assertThat(node.lines).contains("worker: to stdout", "worker: to stderr");
    }

    @Test
    void exitCodeAndTerminationMessageAreReported() {
        Pod pod = node.run("seven", shell("worker", "echo last words >/dev/termination-log; exit 7"));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
        assertThat(terminated(pod).getExitCode()).isEqualTo(7);
        assertThat(terminated(pod).getReason()).isEqualTo("Error");
        assertThat(terminated(pod).getMessage()).isEqualTo("last words\n");
    }

    @Test
    void aSignalIsAnExitCodeAbove128() {
        Pod pod = node.run("killed", shell("worker", "kill -9 $$$$"));

        assertThat(terminated(pod).getExitCode()).isEqualTo(137);
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        Container container = new ContainerBuilder(shell("worker", ""))
                .withCommand("no-such-program")
                .build();

        Pod pod = node.run("missing", container);

        assertThat(terminated(pod).getReason()).isEqualTo("StartError");
        assertThat(terminated(pod).getMessage())
                .isEqualTo("exec: \"no-such-program\": executable file not found in $PATH");
    }

    @Test
    void aContainerWithoutACommandIsToldThatThereAreNoImages() {
        Pod pod = node.run(
                "imageless",
                new ContainerBuilder(shell("worker", "")).withCommand().build());

        assertThat(terminated(pod).getMessage()).contains("worker has no command", "name the program in command");
    }

    @Test
    void aDeletedPodGoesOnceItsProcessesHaveEnded() {
        Pod pod = node.awaitRunning(node.create(
                "polite",
                shell("worker", "trap 'echo goodbye; exit 0' TERM; echo hello; while :; do sleep 0.1; done")));
        await().until(() -> node.lines.contains("worker: hello"));

        node.client.pods().resource(pod).delete();

        node.await(pod, now -> now == null);
        assertThat(node.lines).contains("worker: goodbye");
    }

    @Test
    void aProcessThatIgnoresSigtermIsKilledAfterItsGraceWithAllThatItStarted() {
        PodSpec spec = new PodSpecBuilder()
                .withTerminationGracePeriodSeconds(1L)
                .addToContainers(shell("worker", "trap '' TERM; setsid sleep 300 & echo started $!; wait; sleep 300"))
                .build();
        Pod pod = node.awaitRunning(node.create("stubborn", spec));
        await().until(() -> !node.lines.isEmpty());
        long grandchild = Long.parseLong(node.lines.get(0).replaceAll("\\D", ""));
        assertThat(ProcessHandle.of(grandchild).filter(ProcessHandle::isAlive)).isPresent();

        node.client.pods().resource(pod).delete();

        node.await(pod, now -> now == null);
        await().until(() ->
                ProcessHandle.of(grandchild).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void podsBeyondTheLimitWaitAndSayWhy() {
        Pod first = node.create("first", shell("worker", "sleep 60"));
        Pod second = node.create("second", shell("worker", "sleep 60"));
        node.awaitRunning(first);
        node.awaitRunning(second);

        Pod third = node.create("third", shell("worker", "true"));

        Pod waiting = node.await(third, now -> !now.getStatus().getConditions().isEmpty());
        assertThat(waiting.getStatus().getPhase()).isEqualTo("Pending");
        assertThat(waiting.getStatus().getConditions().get(0).getMessage())
                .isEqualTo("this machine runs at most 2 pods at once");
        node.client.pods().resource(first).withGracePeriod(0).delete();
        assertThat(node.awaitEnd(third).getStatus().getPhase()).isEqualTo("Succeeded");
    }

    @Test
    void aPodPastItsDeadlineIsEnded() {
        PodSpec spec = new PodSpecBuilder()
                .withActiveDeadlineSeconds(1L)
                .addToContainers(shell("worker", "sleep 60"))
                .build();

        Pod pod = node.awaitEnd(node.create("late", spec));

        assertThat(pod.getStatus().getReason()).isEqualTo("DeadlineExceeded");
    }

    @Test
    void closingEndsEveryProcess() {
        node.awaitRunning(
                node.create("endless", shell("worker", "echo $$$$; trap '' TERM; while :; do sleep 0.1; done")));
        await().until(() -> !node.lines.isEmpty());
        Optional<ProcessHandle> process =
                ProcessHandle.of(Long.parseLong(node.lines.get(0).substring("worker: ".length())));
        assertThat(process).isPresent();

        node.close();

        await().atMost(Duration.ofSeconds(5)).until(() -> !process.get().isAlive());
    }
}
