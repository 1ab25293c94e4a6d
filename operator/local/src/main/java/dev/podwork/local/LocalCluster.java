package dev.podwork.local;

import dev.podwork.api.job.Job;
import dev.podwork.app.PodworkOperator;
import dev.podwork.context.ContextServerSettings;
import dev.podwork.context.state.MemoryStateStore;
import dev.podwork.context.stream.StreamSink;
import dev.podwork.context.tls.IdentityStore;
import dev.podwork.local.cluster.EmbeddedApiServer;
import dev.podwork.local.kubelet.ContainerLog;
import dev.podwork.local.kubelet.Images;
import dev.podwork.local.kubelet.ProcessKubelet;
import dev.podwork.local.kubelet.ServiceAccountTokens;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A cluster of this one machine: the API server, the operator and the kubelet, all in this process. */
public final class LocalCluster implements AutoCloseable {
    private static final String NODE = "laptop";
    private static final String LOOPBACK = "127.0.0.1";
    /** Somewhat longer than workers are given before SIGTERM. */
    private static final Duration CLEANUP = Duration.ofSeconds(6);

    private final EmbeddedApiServer server;
    private final KubernetesClient client;
    private final PodworkOperator operator;
    private final ProcessKubelet kubelet;

    private LocalCluster(
            EmbeddedApiServer server, KubernetesClient client, PodworkOperator operator, ProcessKubelet kubelet) {
        this.server = server;
        this.client = client;
        this.operator = operator;
        this.kubelet = kubelet;
    }

    /**
     * Returns when Jobs are being taken care of.
     *
     * @param identityFile where the context server's certificates are kept from one run to the next
     * @param maxPods how many pods run at once
     * @param imageDirectory what stands for the working directory of a pod's image
     * @param streams who shows parts of results
     */
    public static LocalCluster start(
            Images images,
            Path identityFile,
            int maxPods,
            Function<Pod, Path> imageDirectory,
            ContainerLog log,
            StreamSink streams) {
        Clock clock = Clock.systemUTC();
        IdentityStore identities = new KeptIdentity(identityFile);
        EmbeddedApiServer server = EmbeddedApiServer.start(NODE);
        KubernetesClient client = server.client();
        ServiceAccountTokens tokens = new ServiceAccountTokens(clock);
        PodworkOperator operator = new PodworkOperator(
                client, place(tokens, identities, streams, clock), new SimpleMeterRegistry(), clock);
        CompletableFuture<ProcessKubelet> kubelet = CompletableFuture.supplyAsync(
                () -> new ProcessKubelet(client, images, tokens, maxPods, imageDirectory, log, clock));
        operator.start();
        return new LocalCluster(server, client, operator, kubelet.join());
    }

    public KubernetesClient client() {
        return client;
    }

    /** Ends all pods, and then everything else. */
    @Override
    public void close() {
        kubelet.close();
        operator.close();
        client.close();
        server.close();
    }

    /** Only the pods: for who is about to end this process, in which the rest goes with it. */
    public void endPods() {
        kubelet.close();
    }

    /** Lets the workers of jobs that have ended without them clean up. */
    public void awaitPods() {
        kubelet.drain(CLEANUP);
    }

    /** All Jobs that have not ended. */
    public void cancelJobs() {
        client.resources(Job.class).inAnyNamespace().list().getItems().stream()
                .filter(job -> job.getStatus() == null
                        || job.getStatus().phase() == null
                        || !job.getStatus().phase().isTerminal())
                .forEach(job -> client.resource(job)
                        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"cancelled\":true}}"));
    }

    private static PodworkOperator.Place place(
            ServiceAccountTokens tokens, IdentityStore identities, StreamSink streams, Clock clock) {
        return new PodworkOperator.Place(
                Set.of(EmbeddedApiServer.NAMESPACE),
                ContextServerSettings.defaults().withHost(LOOPBACK).withPort(0),
                identities,
                () -> CompletableFuture.completedFuture(tokens.issuer()),
                new MemoryStateStore(clock),
                streams,
                new PodworkOperator.Images(Images.RELAY, Images.PYTHON, Images.NODE, "IfNotPresent"),
                port -> LOOPBACK + ":" + port);
    }
}
