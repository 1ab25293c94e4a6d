package dev.podwork.local.kubelet;

import static dev.podwork.local.kubelet.LaptopNode.shell;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.text.ParseException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a container is given: files, tokens, an environment. */
class PodVolumesTest extends OnALaptop {

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
}
