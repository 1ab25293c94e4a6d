package dev.podwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.context.stream.StreamSink;
import dev.podwork.local.cluster.EmbeddedApiServer;
import dev.podwork.local.kubelet.Images;
import dev.podwork.local.manifest.Manifest;
import dev.podwork.local.manifest.ManifestReader;
import dev.podwork.local.manifest.ManifestValidator;
import dev.podwork.local.manifest.Workload;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Laptop mode with real processes, for tests: manifests in, what became of their jobs out. */
public final class Laptop implements AutoCloseable {
    private static final int WAIT_SECONDS = 60;
    private static final int PODS = 4;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LocalCluster cluster;

    /** @param folder where it keeps its certificates, and its workers are started */
    public Laptop(Path folder) {
        this(folder, StreamSink.NONE);
    }

    /** @param parts who is shown results in parts */
    public Laptop(Path folder, StreamSink parts) {
        Path workers = Path.of("../../worker-images").toAbsolutePath().normalize();
        Images images = new Images(
                workers.resolve("relay/bin/podwork-relay"), workers.resolve("python/src"), workers.resolve("node"));
        assertThat(images.relay())
                .as("the relay must be built: ./podwork build makes it")
                .isExecutable();
        cluster = LocalCluster.start(
                images,
                folder.resolve("identity.json"),
                PODS,
                pod -> folder,
                (pod, container, line) -> lines.add(pod.getMetadata().getName() + ": " + line),
                parts);
    }

    /** Creates everything in these manifests; its jobs run by themselves then. */
    public List<Job> submit(String manifests) {
        return create(ManifestReader.read(
                List.of(ManifestReader.STDIN), new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8))));
    }

    /** The same with files and folders of them. */
    public List<Job> submit(List<String> files) {
        return create(ManifestReader.read(files, new ByteArrayInputStream(new byte[0])));
    }

    private List<Job> create(List<Manifest> manifests) {
        new ManifestValidator().validate(manifests);
        Workload workload = Workload.of(manifests, EmbeddedApiServer.NAMESPACE);
        workload.surroundings()
                .forEach(object -> cluster.client().resource(object).create());
        return workload.jobs().stream()
                .map(job -> cluster.client().resource(job).create())
                .toList();
    }

    /** What it consists of, for what manifests can't say. */
    public LocalCluster cluster() {
        return cluster;
    }

    /** The only job's end. */
    public JobStatus run(String manifests) {
        return end(submit(manifests).get(0));
    }

    /** Its status when it has ended. */
    public JobStatus end(Job job) {
        return cluster.client()
                .resource(job)
                .waitUntilCondition(
                        now -> now != null
                                && now.getStatus() != null
                                && now.getStatus().phase() != null
                                && now.getStatus().phase().isTerminal(),
                        WAIT_SECONDS,
                        TimeUnit.SECONDS)
                .getStatus();
    }

    /** What was written by now, with the names of the pods before it. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
