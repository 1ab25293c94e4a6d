package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker's container has no identity in the cluster. (That its pod is restricted, every sandbox enforces.) */
class PodSecurityTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void the_worker_has_no_token_and_none_of_our_variables() {
        JsonNode seen = sandbox.python("""
                import os

                def files(top):
                    return [os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names]

                def handler(job, ctx):
                    return {
                        "secrets": files("/var/run/secrets"),
                        "variables": [name for name in os.environ if name.startswith("PODWORK_")],
                        "user": os.getuid(),
                    }
                """).start().succeeded();

        assertThat(seen.get("secrets")).isEmpty();
        assertThat(seen.get("variables")).isEmpty();
        assertThat(seen.get("user").intValue()).isNotZero();
    }

    @Test
    void only_the_relay_mounts_a_token_and_it_is_for_podwork_alone() {
        TestJob job = sandbox.shell("read -r execute; exit 0").start();
        job.ended();

        Pod pod = job.pod();
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        List<String> tokens = pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getProjected() != null)
                .filter(volume -> volume.getProjected().getSources().stream()
                        .anyMatch(source -> source.getServiceAccountToken() != null
                                && source.getServiceAccountToken().getAudience().equals("podwork")))
                .map(volume -> volume.getName())
                .toList();
        assertThat(tokens).hasSize(1);
        assertThat(mounts(pod.getSpec().getContainers())).doesNotContainAnyElementsOf(tokens);
        assertThat(mounts(pod.getSpec().getInitContainers())).containsAll(tokens);
    }

    private static List<String> mounts(List<Container> containers) {
        return containers.stream()
                .flatMap(container -> container.getVolumeMounts().stream())
                .map(mount -> mount.getName())
                .toList();
    }
}
