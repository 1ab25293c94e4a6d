package dev.podwork.controller.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Progress;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.ControllerSettings;
import dev.podwork.controller.Controllers;
import dev.podwork.controller.attempt.AttemptListener;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.pod.PodSettings;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An operator that watches one namespace, and the session of each pod, played by hand. */
public final class TestOperator implements AutoCloseable {

    public static final PodSettings PODS = new PodSettings(
            "example.org/relay:1", "example.org/python:1", "example.org/node:1", null, "10.0.0.1:7443", "the CA");

    /** What the session's side was told. */
    public record Recorded(
            String job, long sequence, @Nullable AttemptEnd end) {
        public boolean over() {
            return end != null;
        }
    }

    public final String namespace;
    public final Controllers controllers;
    public final List<Recorded> recorded = new CopyOnWriteArrayList<>();
    public final List<String> forgotten = new CopyOnWriteArrayList<>();
    /** What is known of all sessions. */
    public volatile boolean connected = true;

    public volatile @Nullable Instant heardAt;
    private final KubernetesClient client;

    public TestOperator(KubernetesClient client, String namespace, Clock clock) {
        this.client = client;
        this.namespace = namespace;
        controllers = new Controllers(
                client,
                new ControllerSettings(() -> PODS, Set.of(namespace)),
                new AttemptListener() {
                    @Override
                    public void recorded(AttemptKey key, long sequence, @Nullable AttemptEnd end) {
                        recorded.add(new Recorded(key.job(), sequence, end));
                    }

                    @Override
                    public Optional<Contact> contact(String podUid) {
                        return Optional.of(new Contact(heardAt == null ? clock.instant() : heardAt, connected));
                    }

                    @Override
                    public void forget(String podUid) {
                        forgotten.add(podUid);
                    }
                },
                clock,
                new SimpleMeterRegistry(),
                sdk -> {});
        controllers.start();
    }

    @Override
    public void close() {
        controllers.close();
    }

    /** Applied, and checked by the operator. */
    public WorkerDefinition ready(WorkerDefinition definition) {
        WorkerDefinition created = client.resource(definition).create();
        return await().until(
                        () -> client.resource(created).get(),
                        now -> now.getStatus() != null
                                && now.getStatus().conditions().stream()
                                        .anyMatch(condition ->
                                                condition.getStatus().equals("True")));
    }

    /** The Job of this name, as it is now. */
    public Job job(String name) {
        return client.resources(Job.class).inNamespace(namespace).withName(name).require();
    }

    public Job create(Job job) {
        return client.resource(job).create();
    }

    /** What the operator knows of the job's first attempt, once it has a pod. Asks no API server. */
    public Attempt attempt(Job job, String podUid) {
        return await().pollInterval(Duration.ofMillis(10))
                .until(
                        () -> controllers
                                .attempts()
                                .find(namespace, job.getMetadata().getName() + "-1", podUid),
                        Optional::isPresent)
                .orElseThrow();
    }

    public Pod pod(Job job) {
        return await().until(
                        () -> client.pods()
                                .inNamespace(namespace)
                                .withName(job.getMetadata().getName() + "-1")
                                .get(),
                        pod -> pod != null);
    }

    public void started(AttemptKey key) {
        report(key, 1, null, null);
    }

    public void progress(AttemptKey key, long sequence, double percent) {
        report(key, sequence, new Progress(percent, null), null);
    }

    public void ended(AttemptKey key, long sequence, JsonNode result) {
        report(key, sequence, null, new Outcome.Result(result));
    }

    public void ended(AttemptKey key, long sequence, Outcome outcome) {
        report(key, sequence, null, outcome);
    }

    private void report(AttemptKey key, long sequence, @Nullable Progress progress, @Nullable Outcome outcome) {
        controllers
                .attempts()
                .report(new AttemptReport(key, Clock.systemUTC().instant(), progress, List.of(), sequence, outcome));
    }

    public JobStatus statusOf(Job job) {
        return JobSnapshot.statusOf(client.resource(job).get());
    }

    public JobStatus awaitStatus(Job job, Predicate<JobStatus> predicate) {
        return await().atMost(Duration.ofSeconds(20)).until(() -> statusOf(job), predicate);
    }

    public List<Event> eventsOf(Job job) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> job.getMetadata()
                        .getName()
                        .equals(event.getInvolvedObject().getName()))
                .toList();
    }
}
