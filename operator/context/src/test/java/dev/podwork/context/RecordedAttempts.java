package dev.podwork.context;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.AttemptStatusBuilder;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.EndGrace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rest of the operator, which notes reports down and records them when a test says so. */
final class RecordedAttempts implements Attempts {
    static final AttemptEnd END = new AttemptEnd("AttemptTimeout", "Worker timeout after 1000ms");
    static final EndGrace GRACE = new EndGrace(Duration.ofSeconds(5), Duration.ofSeconds(30));

    private final Map<String, Attempt> pods = new ConcurrentHashMap<>();
    final List<AttemptReport> reports = new CopyOnWriteArrayList<>();
    /** Called for each report. */
    private volatile Consumer<AttemptReport> recorder = report -> {};

    /** A pod with the UID {@code uid-<name>} carries out the first attempt of a job. */
    Attempt add(String pod) {
        return add(pod, GRACE);
    }

    Attempt add(String pod, EndGrace grace) {
        Attempt attempt = attempt(pod, null, null, null, grace);
        put(attempt);
        return attempt;
    }

    /** From now on it is in the Job's status at once that a worker has the job, and no more. */
    void recordStarts(Supplier<ContextServer> server) {
        recorder = report -> {
            if (report.sequence() == 0 && report.outcome() == null) {
                server.get().recorded(report.key(), 0, null);
            }
        };
    }

    /** From now on nothing is recorded until a test does it. */
    void recordNothing() {
        recorder = report -> {};
    }

    /** From now on each report is in the Job's status at once. */
    void recordAtOnce(Supplier<ContextServer> server) {
        recorder = report -> {
            String pod = report.key().podName();
            boolean over = report.outcome() != null;
            put(attempt(pod, null, status(pod), over));
            server.get().recorded(report.key(), report.sequence(), over ? END : null);
        };
    }

    void put(Attempt attempt) {
        pods.put(attempt.key().podUid(), attempt);
    }

    static Attempt attempt(String pod, @Nullable String flow, @Nullable AttemptStatus recorded, boolean over) {
        return attempt(pod, flow, recorded, over ? END : null, GRACE);
    }

    static Attempt attempt(
            String pod,
            @Nullable String flow,
            @Nullable AttemptStatus recorded,
            @Nullable AttemptEnd end,
            EndGrace grace) {
        ObjectNode execute = JsonNodeFactory.instance.objectNode();
        execute.putObject("job").put("id", pod).put("data", 5);
        OwnerReference job = new OwnerReferenceBuilder()
                .withApiVersion("podwork.dev/v1alpha1")
                .withKind("Job")
                .withName(pod)
                .withUid("job-" + pod)
                .build();
        return new Attempt(new AttemptKey("ns", pod, 1, pod, "uid-" + pod), execute, flow, job, recorded, end, grace);
    }

    /** What the Job's status says of the attempt after its last report. */
    AttemptStatus status(String pod) {
        AttemptReport last = last(pod);
        return AttemptStatusBuilder.builder()
                .number(1)
                .pod(pod)
                .podUid("uid-" + pod)
                .node("node")
                .startedAt(last.startedAt())
                .emits(last.emits())
                .acknowledged(last.sequence())
                .build();
    }

    AttemptReport last(String pod) {
        return reports.stream()
                .filter(report -> report.key().podName().equals(pod))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    List<AttemptReport> of(String pod) {
        return reports.stream()
                .filter(report -> report.key().podName().equals(pod))
                .toList();
    }

    @Override
    public Optional<Attempt> find(String namespace, String podName, String podUid) {
        return Optional.ofNullable(pods.get(podUid))
                .filter(attempt -> attempt.key().namespace().equals(namespace)
                        && attempt.key().podName().equals(podName));
    }

    @Override
    public void report(AttemptReport report) {
        reports.add(report);
        recorder.accept(report);
    }
}
