package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * What a pod finds on the machine that runs it.
 *
 * @param root where each pod gets a folder of its own
 * @param imageDirectory what stands for the working directory of a pod's image
 * @param log where containers' output goes
 * @param timer for deadlines and renewals; must not be blocked
 * @param executor for work that blocks
 */
record Machine(
        KubernetesClient client,
        Path root,
        Images images,
        Function<Pod, Path> imageDirectory,
        ServiceAccountTokens tokens,
        ContainerLog log,
        ScheduledExecutorService timer,
        Executor executor,
        Clock clock) {}
