package dev.podwork.local.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podwork.api.Labels;
import dev.podwork.api.job.Job;
import dev.podwork.local.LocalCluster;
import dev.podwork.local.cluster.EmbeddedApiServer;
import dev.podwork.local.kubelet.Images;
import dev.podwork.local.manifest.Manifest;
import dev.podwork.local.manifest.ManifestException;
import dev.podwork.local.manifest.ManifestReader;
import dev.podwork.local.manifest.ManifestValidator;
import dev.podwork.local.manifest.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwork run}: manifests in, results out. */
@Command(
        name = "podwork run",
        description = {
            "Runs the Jobs of the manifests on this machine, without a cluster, and shows logs, progress and results.",
            ""
        },
        footer = {
            "",
            "A container runs as a process: image names are not looked at, commands are found on your PATH, and",
            "a worker's file is looked up beside its manifest. docs/laptop.md says what else differs from a cluster.",
            "",
            "Exit codes: 0 all jobs succeeded, 1 a job failed, 2 something is wrong with the manifests, 130 Ctrl-C."
        },
        sortOptions = false,
        usageHelpWidth = 110)
public final class RunCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_MANIFESTS = 2;
    private static final int PODS_PER_CORE = 4;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description =
                    "Manifests (YAML or JSON), folders of them, or - for standard input. Kinds: WorkerDefinition, Job,"
                            + " ConfigMap, Secret.")
    private List<String> files = List.of();

    @Option(
            names = {"-d", "--data"},
            paramLabel = "JSON",
            description = "Runs one Job with this data, instead of the Jobs in the manifests.")
    private @Nullable String data;

    @Option(
            names = {"-w", "--worker"},
            paramLabel = "NAME",
            description = "The worker that --data is for, where the manifests define several.")
    private @Nullable String worker;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "json|yaml",
            description = "Prints the Jobs as they are in the end on stdout, and all else on stderr.")
    private @Nullable Output output;

    @Option(
            names = "--max-pods",
            paramLabel = "N",
            description = "How many pods run at once (default: four for each core).")
    private int maxPods = PODS_PER_CORE * Runtime.getRuntime().availableProcessors();

    @Option(
            names = {"-v", "--verbose"},
            description = "Shows the relays' lines too.")
    private boolean verbose;

    private final Images images;
    private final Path identityFile;

    /** Runs pods that find these on this machine, and keeps certificates in the file. */
    public RunCommand(Images images, Path identityFile) {
        this.images = images;
        this.identityFile = identityFile;
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean terminal = Ansi.AUTO.enabled();
        Console console = new Console(output == null ? System.out : System.err, terminal, System::nanoTime);
        Map<String, Path> directories = new ConcurrentHashMap<>();
        CompletableFuture<JobRuns> runs = new CompletableFuture<>();
        // Reading and checking takes as long as starting does, and there is more than one core.
        CompletableFuture<LocalCluster> starting = CompletableFuture.supplyAsync(() -> LocalCluster.start(
                images,
                identityFile,
                maxPods,
                pod -> directories.getOrDefault(pod.getMetadata().getLabels().get(Labels.WORKER), Path.of("/")),
                (pod, container, line) -> runs.join().line(pod, container, line),
                (attempt, part) -> {
                    runs.join().part(attempt, part);
                    return CompletableFuture.completedFuture(null);
                }));
        try {
            Workload workload = workload();
            directories.putAll(workload.directories());
            runs.complete(new JobRuns(workload.jobs().size(), console, verbose));
            return run(starting.join(), workload, runs.join(), console);
        } catch (ManifestException e) {
            System.err.println(e.getMessage());
            return BAD_MANIFESTS;
        }
    }

    private int run(LocalCluster cluster, Workload workload, JobRuns runs, Console console)
            throws InterruptedException {
        AtomicReference<@Nullable List<Job>> finished = new AtomicReference<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(cluster, finished.get(), console), "stop"));
        workload.surroundings()
                .forEach(object -> cluster.client().resource(object).create());
        List<Job> ended = runs.run(cluster.client(), workload.jobs());
        finished.set(ended);
        if (output == null) {
            ended.forEach(job -> Results.show(job, console));
        } else {
            System.out.println(output.write(ended));
        }
        return ended.stream().allMatch(Results::succeeded) ? 0 : FAILED;
    }

    /** @param ended the jobs, when all have; null after Ctrl-C */
    private static void stop(LocalCluster cluster, @Nullable List<Job> ended, Console console) {
        if (ended == null) {
            console.print("stopping; workers have 5 s to clean up");
            cluster.cancelJobs();
        }
        if (ended == null || !ended.stream().allMatch(Results::succeeded)) {
            cluster.awaitPods();
        }
        cluster.endPods();
    }

    private Workload workload() {
        List<Manifest> manifests = ManifestReader.read(files, System.in);
        new ManifestValidator().validate(manifests);
        Workload workload = Workload.of(manifests, EmbeddedApiServer.NAMESPACE);
        if (data != null) {
            return workload.withJob(worker, json(data), EmbeddedApiServer.NAMESPACE);
        }
        if (workload.jobs().isEmpty()) {
            throw new ManifestException(List.of("there is no Job in " + String.join(", ", files)
                    + ": add one (kind: Job, spec.worker: NAME), or run a worker with --data '{\"some\": \"json\"}'"));
        }
        return workload;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new ManifestException(List.of("--data is not JSON: " + e.getOriginalMessage()));
        }
    }
}
