package dev.podwork.local.kubelet;

import static dev.podwork.local.kubelet.LaptopNode.shell;
import static dev.podwork.local.kubelet.LaptopNode.terminated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessKubeletTest {
    @TempDir
    private Path manifests;

    private LaptopNode node;

    @BeforeEach
    void start() {
        node = new LaptopNode(manifests, 2);
    }

    @AfterEach
    void stop() {
        node.close();
    }

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
    void volumesHoldWhatTheirObjectsHold() {
        node.client
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("code")
                        .withNamespace("default")
                        .endMetadata()
                        .addToData("a.txt", "from a ConfigMap\n")
                        .build())
                .create();
        node.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("secret")
                        .withNamespace("default")
                        .endMetadata()
                        .addToData("key", "czNjcmV0")
                        .build())
                .create();
        PodSpec spec = new PodSpecBuilder()
                .addNewVolume()
                .withName("code")
                .withNewConfigMap()
                .withName("code")
                .endConfigMap()
                .endVolume()
                .addNewVolume()
                .withName("scratch")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .addToContainers(new ContainerBuilder(
                                shell("worker", "pwd; cat a.txt; cp a.txt /scratch/b; cat /scratch/b; echo $KEY $NAME"))
                        .withWorkingDir("/worker")
                        .addNewVolumeMount()
                        .withName("code")
                        .withMountPath("/worker")
                        .endVolumeMount()
                        .addNewVolumeMount()
                        .withName("scratch")
                        .withMountPath("/scratch")
                        .endVolumeMount()
                        .addNewEnv()
                        .withName("KEY")
                        .withNewValueFrom()
                        .withNewSecretKeyRef("key", "secret", false)
                        .endValueFrom()
                        .endEnv()
                        .addNewEnv()
                        .withName("NAME")
                        .withNewValueFrom()
                        .withNewFieldRef("v1", "metadata.name")
                        .endValueFrom()
                        .endEnv()
                        .build())
                .build();

        Pod pod = node.awaitEnd(node.create("volumes", spec));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(node.lines)
                .contains("worker: s3cret volumes")
                .filteredOn("worker: from a ConfigMap"::equals)
                .hasSize(2);
    }

    @Test
    void aTokenIsBoundToItsPod() throws ParseException {
        PodSpec spec = new PodSpecBuilder()
                .addNewVolume()
                .withName("token")
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken("podwork", 600L, "token")
                .endSource()
                .endProjected()
                .endVolume()
                .addToContainers(new ContainerBuilder(shell("worker", "cat /var/run/secrets/podwork/token"))
                        .addNewVolumeMount()
                        .withName("token")
                        .withMountPath("/var/run/secrets/podwork")
                        .endVolumeMount()
                        .build())
                .build();

        Pod pod = node.awaitEnd(node.create("bearer", spec));

        String token = node.lines.get(0).substring("worker: ".length());
        assertThat(SignedJWT.parse(token)
                        .getJWTClaimsSet()
                        .getClaim("kubernetes.io")
                        .toString())
                .contains("default", "bearer", pod.getMetadata().getUid());
    }

    @Test
    void aMissingConfigMapEndsThePodAndIsNamed() {
        PodSpec spec = new PodSpecBuilder()
                .addNewVolume()
                .withName("code")
                .withNewConfigMap()
                .withName("absent")
                .endConfigMap()
                .endVolume()
                .addToContainers(shell("worker", "true"))
                .build();

        Pod pod = node.awaitEnd(node.create("lacking", spec));

        assertThat(pod.getStatus().getMessage()).contains("ConfigMap absent is not there");
    }

    @Test
    void aWorkerSeesNothingOfTheEnvironmentButWhatItIsGiven() {
        node.run(
                "env",
                new ContainerBuilder(shell("worker", "env | cut -d= -f1 | sort | tr '\\n' ' '"))
                        .addNewEnv()
                        .withName("GIVEN")
                        .withValue("1")
                        .endEnv()
                        .build());

        List<String> names =
                List.of(node.lines.get(0).substring("worker: ".length()).split(" "));
        assertThat(names)
                .contains("GIVEN", "PATH", "HOSTNAME")
                .allMatch(name -> List.of(
                                        "GIVEN",
                                        "PATH",
                                        "HOME",
                                        "LANG",
                                        "TMPDIR",
                                        "TZ",
                                        "HOSTNAME",
                                        "PYTHONPATH",
                                        "PWD",
                                        "OLDPWD",
                                        "SHLVL",
                                        "_",
                                        "LAPTOP_SANDBOX")
                                .contains(name)
                        || name.startsWith("LC_")
                        || name.startsWith("PODWORK_"));
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
    void aSidecarIsThereBeforeTheWorkerAndGoesAfterIt() {
        Pod pod = node.awaitEnd(node.create("served", withSidecar("""
                trap 'echo stopped; exit 0' TERM; echo serving; touch /podwork/ready; while :; do sleep 0.1; done""", """
                while [ ! -e /podwork/ready ]; do sleep 0.05; done; echo worked""")));

        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(node.lines).containsExactly("relay: serving", "worker: worked", "relay: stopped");
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
