package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the pods of the API server as processes of this machine, and reports of them as a kubelet does. */
public final class ProcessKubelet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessKubelet.class);
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(15);

    private final KubernetesClient client;
    private final Machine machine;
    private final Guard guard;
    private final ThreadPoolExecutor pods;
    private final ExecutorService blocking = Executors.newCachedThreadPool(daemon("kubelet"));
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(daemon("kubelet-timer"));
    private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
    private final AtomicInteger folders = new AtomicInteger();
    private final SharedIndexInformer<Pod> informer;

    /**
     * Starts to run pods.
     *
     * @param maxPods how many run at once; the others wait
     * @param imageDirectory what stands for the working directory of a pod's image
     */
    public ProcessKubelet(
            KubernetesClient client,
            Images images,
            ServiceAccountTokens tokens,
            int maxPods,
            Function<Pod, Path> imageDirectory,
            ContainerLog log,
            Clock clock) {
        this.client = client;
        Path root = temporaryRoot();
        guard = Guard.over(root);
        machine = new Machine(client, root, images, imageDirectory, tokens, log, timer, blocking, clock);
        pods = (ThreadPoolExecutor) Executors.newFixedThreadPool(maxPods, daemon("pod"));
        informer = client.pods().inAnyNamespace().inform(new PodEvents());
    }

    /** Runs no more pods, and waits until those that run have ended by themselves, or the time is over. */
    public void drain(Duration patience) {
        pods.shutdown();
        awaitPods(patience);
    }

    /** Ends all pods, and removes their folders. */
    @Override
    public void close() {
        informer.close();
        pods.shutdown();
        runs.values().forEach(run -> run.terminate(CLOSE_GRACE));
        if (!awaitPods(CLOSE_WAIT)) {
            LOG.warn("{} pods did not end in {}; their processes are killed", runs.size(), CLOSE_WAIT);
        }
        timer.shutdownNow();
        blocking.shutdownNow();
        guard.close();
        PodFolder.delete(machine.root());
    }

    private boolean awaitPods(Duration patience) {
        try {
            return pods.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void admit(Pod pod) {
        if (pods.isShutdown()) {
            return;
        }
        if (pod.isMarkedForDeletion()) {
            blocking.execute(() -> status(pod).release());
            return;
        }
        Path folder = machine.root().resolve(Integer.toString(folders.incrementAndGet()));
        PodStatusWriter status = status(pod);
        PodRun run = new PodRun(pod, machine, folder, status);
        runs.put(pod.getMetadata().getUid(), run);
        if (pods.getActiveCount() >= pods.getMaximumPoolSize()) {
            String message = "this machine runs at most " + pods.getMaximumPoolSize() + " pods at once";
            blocking.execute(() -> status.queued(message));
        }
        pods.execute(() -> carryOut(run, pod, status));
    }

    private void carryOut(PodRun run, Pod pod, PodStatusWriter status) {
        try {
            run.run();
        } catch (RuntimeException e) {
            LOG.error("could not run the pod {}", pod.getMetadata().getName(), e);
            status.publish("Failed", "KubeletError", String.valueOf(e.getMessage()));
        } finally {
            runs.remove(pod.getMetadata().getUid());
            releaseIfDeleted(pod, status);
        }
    }

    private void releaseIfDeleted(Pod pod, PodStatusWriter status) {
        Pod now = client.pods().resource(pod).get();
        if (now != null && now.isMarkedForDeletion()) {
            status.release();
        }
    }

    private PodStatusWriter status(Pod pod) {
        return new PodStatusWriter(client, pod, machine.clock().instant());
    }

    private static Path temporaryRoot() {
        try {
            return Files.createTempDirectory("podwork-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private final class PodEvents implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            admit(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            if (pod.isMarkedForDeletion()) {
                PodRun run = runs.get(pod.getMetadata().getUid());
                if (run == null) {
                    blocking.execute(() -> status(pod).release());
                } else {
                    run.terminate(PodRun.grace(pod));
                }
            }
        }

        @Override
        public void onDelete(Pod pod, boolean stateUnknown) {
            PodRun run = runs.get(pod.getMetadata().getUid());
            if (run != null) {
                run.terminate(Duration.ZERO);
            }
        }
    }
}
