package dev.podwork.controller.testing;

import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.limitedWorker;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Job;
import dev.podwork.controller.pod.Pods;
import dev.podwork.core.attempt.AttemptKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures an operator whose queue is long: run by hand, see docs/performance.md. It starts an API server of its own, creates the
 * jobs, and then an operator in a JVM of its own with a heap of 512 MB.
 */
final class QueueBench {

    private static final String WORKER = "worker";
    private static final int ENDS = 20;

    private QueueBench() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            operate(Path.of(args[0]), args[1], Integer.parseInt(args[2]));
        } else {
            prepare(Integer.parseInt(args[0]));
        }
    }

    private static void prepare(int jobs) throws IOException, InterruptedException {
        try (ApiServer.Running server = new ApiServer.Running()) {
            String namespace = ApiServer.namespace(server.client, Map.of());
            server.client.resource(limitedWorker(namespace, WORKER, 1)).create();
            long began = System.nanoTime();
            ExecutorService creators = Executors.newFixedThreadPool(16);
            for (int i = 0; i < jobs; i++) {
                Job job = jobOf(namespace, "job-%06d".formatted(i), WORKER);
                creators.execute(() -> server.client.resource(job).create());
            }
            creators.shutdown();
            creators.awaitTermination(1, TimeUnit.HOURS);
            System.out.printf("%d jobs created in %d s%n", jobs, seconds(began));
            Path kubeconfig = Files.createTempFile("queue-bench", ".yaml");
            Files.writeString(kubeconfig, server.kubeconfig());
            try {
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx512m",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-cp",
                                System.getProperty("java.class.path"),
                                QueueBench.class.getName(),
                                kubeconfig.toString(),
                                namespace,
                                Integer.toString(jobs))
                        .inheritIO()
                        .start()
                        .waitFor();
            } finally {
                Files.delete(kubeconfig);
            }
        }
    }

    private static void operate(Path kubeconfig, String namespace, int jobs) throws IOException {
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
                .build()) {
            long began = System.nanoTime();
            Requests before = Requests.now(client);
            Set<String> seen = new HashSet<>();
            Pod running;
            try (TestOperator operator = new TestOperator(client, namespace, Clock.systemUTC())) {
                System.out.printf("first start: caches full after %d s%n", seconds(began));
                settle(client, before, jobs);
                System.out.printf("all told why they wait after %d s; heap %d MB%n", seconds(began), heap());
                running = ends(client, operator, next(client, operator, seen), seen);
            }
            long again = System.nanoTime();
            try (TestOperator operator = new TestOperator(client, namespace, Clock.systemUTC())) {
                System.out.printf("second start: caches full after %d s%n", seconds(again));
                ends(client, operator, running, seen);
                System.out.printf("after %d s: heap %d MB%n", seconds(again), heap());
            }
        }
        System.exit(0);
    }

    /** Until nothing more is written. */
    private static void settle(KubernetesClient client, Requests before, int jobs) {
        long written = 0;
        while (written < jobs - 1) {
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            written = Requests.now(client).since(before).getOrDefault("PUT jobs/status", 0L);
        }
    }

    /** Ends the running job, again and again, and looks when the next has its pod. */
    private static Pod ends(KubernetesClient client, TestOperator operator, Pod first, Set<String> seen) {
        Requests before = Requests.now(client);
        long longest = 0;
        long sum = 0;
        Pod running = first;
        for (int i = 0; i < ENDS; i++) {
            AttemptKey key = operator.attempt(
                            operator.job(Pods.jobOf(running).orElseThrow().getName()),
                            running.getMetadata().getUid())
                    .key();
            long began = System.nanoTime();
            operator.ended(key, 1, IntNode.valueOf(1));
            running = next(client, operator, seen);
            long took = (System.nanoTime() - began) / 1_000_000;
            longest = Math.max(longest, took);
            sum += took;
        }
        Map<String, Long> requests = Requests.now(client).since(before);
        System.out.printf(
                "from an end to the next one's pod: %d ms on average, %d ms at most; %d ends took %s status writes, %s pods%n",
                sum / ENDS,
                longest,
                ENDS,
                requests.getOrDefault("PUT jobs/status", 0L),
                requests.getOrDefault("POST pods", 0L));
        return running;
    }

    private static Pod next(KubernetesClient client, TestOperator operator, Set<String> seen) {
        while (true) {
            for (Pod pod : client.pods().inNamespace(operator.namespace).list().getItems()) {
                if (seen.add(pod.getMetadata().getUid())) {
                    return pod;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (1 << 20);
    }

    private static long seconds(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toSeconds();
    }
}
