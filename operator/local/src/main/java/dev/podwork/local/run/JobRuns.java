package dev.podwork.local.run;

import dev.podwork.api.Labels;
import dev.podwork.api.job.Job;
import dev.podwork.context.stream.StreamPart;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.local.run.Console.Style;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Submits jobs, shows what becomes of them, and waits until all have ended. */
final class JobRuns implements ResourceEventHandler<Job> {
    private static final String WORKER = "worker";

    private final Console console;
    private final boolean verbose;
    private final CountDownLatch running;
    private final Map<String, Timeline> timelines = new ConcurrentHashMap<>();
    private final Map<String, Job> ended = new ConcurrentHashMap<>();

    JobRuns(int jobs, Console console, boolean verbose) {
        this.console = console;
        this.verbose = verbose;
        this.running = new CountDownLatch(jobs);
    }

    /** In the order in which they were submitted. */
    List<Job> run(KubernetesClient client, List<Job> jobs) throws InterruptedException {
        try (SharedIndexInformer<Job> informer =
                client.resources(Job.class).inAnyNamespace().runnableInformer(0).addEventHandler(this)) {
            informer.run();
            jobs.forEach(job -> console.makeRoom(
                    Objects.requireNonNullElse(job.getMetadata().getName(), "").length()));
            List<Job> submitted = new ArrayList<>();
            for (Job job : jobs) {
                submitted.add(client.resource(job).create());
            }
            running.await();
            return submitted.stream()
                    .map(job -> ended.get(job.getMetadata().getUid()))
                    .toList();
        }
    }

    /** What a container wrote. */
    void line(Pod pod, String container, String text) {
        if (container.equals(WORKER) || verbose) {
            String job = pod.getMetadata()
                    .getLabels()
                    .getOrDefault(Labels.JOB, pod.getMetadata().getName());
            String source = container.equals(WORKER) ? "" : container + ": ";
            console.say(job, Style.PLAIN, "| " + source + text);
        }
    }

    /** A part of a result. It is shown before the next is taken, so all of them are when the job ends. */
    void part(AttemptKey attempt, StreamPart part) {
        String text = Parts.text(part.chunk());
        if (!text.isEmpty()) {
            console.say(attempt.job(), Style.PLAIN, "> " + text);
        }
    }

    @Override
    public void onAdd(Job job) {
        timelines
                .computeIfAbsent(
                        job.getMetadata().getUid(),
                        uid -> new Timeline(job.getMetadata().getName(), console))
                .show(job);
        boolean over = job.getStatus() != null
                && job.getStatus().phase() != null
                && job.getStatus().phase().isTerminal();
        if (over && ended.putIfAbsent(job.getMetadata().getUid(), job) == null) {
            running.countDown();
        }
    }

    @Override
    public void onUpdate(Job before, Job job) {
        onAdd(job);
    }

    @Override
    public void onDelete(Job job, boolean stateUnknown) {
        if (ended.putIfAbsent(job.getMetadata().getUid(), job) == null) {
            running.countDown();
        }
    }
}
