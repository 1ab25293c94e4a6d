package dev.podwork.local.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.local.cluster.EmbeddedApiServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An API server and a kubelet, and what their pods said. */
final class LaptopNode implements AutoCloseable {
    private static final int WAIT_SECONDS = 20;

    final KubernetesClient client;
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final EmbeddedApiServer server = EmbeddedApiServer.start("laptop");
    private final ProcessKubelet kubelet;

    LaptopNode(Path imageDirectory, int maxPods) {
        client = server.client();
        kubelet = new ProcessKubelet(
                client,
                images(),
                new ServiceAccountTokens(Clock.systemUTC()),
                maxPods,
                pod -> imageDirectory,
                (pod, container, line) -> lines.add(container + ": " + line),
                Clock.systemUTC());
    }

    private static Images images() {
        Path repository = Path.of("../..").toAbsolutePath().normalize();
        Path relay = repository.resolve("worker-images/relay/bin/podwork-relay");
        assertThat(Files.isExecutable(relay))
                .as("the relay must be built: ./podwork build makes %s", relay)
                .isTrue();
        return new Images(
                relay, repository.resolve("worker-images/python/src"), repository.resolve("worker-images/node"));
    }

    Pod create(String name, PodSpec spec) {
        return client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("default")
                        .endMetadata()
                        .withSpec(new PodSpecBuilder(spec)
                                .withRestartPolicy("Never")
                                .build())
                        .build())
                .create();
    }

    Pod create(String name, Container... containers) {
        return create(name, new PodSpecBuilder().withContainers(containers).build());
    }

    static Container shell(String name, String script) {
        return new ContainerBuilder()
                .withName(name)
                .withImage("anything")
                .withCommand("sh", "-c", script)
                .build();
    }

    Pod await(Pod pod, Predicate<Pod> condition) {
        return client.pods().resource(pod).waitUntilCondition(condition, WAIT_SECONDS, TimeUnit.SECONDS);
    }

    Pod awaitEnd(Pod pod) {
        return await(
                pod,
                now -> now != null
                        && Set.of("Succeeded", "Failed")
                                .contains(now.getStatus().getPhase()));
    }

    Pod awaitRunning(Pod pod) {
        return await(pod, now -> now != null && "Running".equals(now.getStatus().getPhase()));
    }

    Pod run(String name, Container... containers) {
        return awaitEnd(create(name, containers));
    }

    static ContainerStateTerminated terminated(Pod pod) {
        return pod.getStatus().getContainerStatuses().get(0).getState().getTerminated();
    }

    @Override
    public void close() {
        kubelet.close();
        client.close();
        server.close();
    }
}
