package dev.podwork.core.job;

import dev.podwork.api.Labels;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.AttemptStatusBuilder;
import dev.podwork.api.job.Emit;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.retry.FailureClasses;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The list of attempts in a job's status, with the current one brought up to date. */
final class Attempts {

    private static final int KEPT = 10;

    private Attempts() {}

    static List<AttemptStatus> active(JobSnapshot snapshot) {
        return current(snapshot)
                .map(attempt -> replaced(snapshot, attempt))
                .orElse(snapshot.status().attempts());
    }

    static List<AttemptStatus> ended(JobSnapshot snapshot, Classification ending, Instant at) {
        return current(snapshot)
                .map(attempt -> replaced(snapshot, ended(attempt, ending, at)))
                .orElse(snapshot.status().attempts());
    }

    /** The current attempt as far as it is known; empty before it has a pod. */
    static Optional<AttemptStatus> current(JobSnapshot snapshot) {
        Optional<AttemptStatus> recorded = snapshot.recorded();
        Pod pod = snapshot.pod();
        AttemptReport report = snapshot.report();
        String uid = pod != null
                ? pod.getMetadata().getUid()
                : snapshot.knownPodUid().orElse(null);
        if (uid == null) {
            return recorded;
        }
        AttemptStatusBuilder attempt = recorded.map(AttemptStatus::with)
                .orElseGet(AttemptStatusBuilder::builder)
                .number(snapshot.attemptNumber())
                .pod(snapshot.podName())
                .podUid(uid)
                .startedAt(startedAt(report, recorded));
        if (pod != null) {
            attempt.node(pod.getSpec().getNodeName())
                    .worker(pod.getMetadata().getLabels().get(Labels.WORKER))
                    .workerRevision(pod.getMetadata().getLabels().get(Labels.WORKER_REVISION))
                    .memory(annotation(pod, Labels.RAISED_MEMORY));
        }
        long acknowledged = recorded.map(AttemptStatus::acknowledged).orElse(0L);
        if (report != null && report.sequence() > acknowledged) {
            attempt.emits(emits(recorded.map(AttemptStatus::emits).orElseGet(List::of), report.emits()))
                    .acknowledged(report.sequence());
        }
        return Optional.of(attempt.build());
    }

    /** A session that another operator has had meanwhile knows of emits that this one's doesn't: what is recorded stays. */
    private static List<Emit> emits(List<Emit> recorded, List<Emit> told) {
        SortedMap<Long, Emit> all = new TreeMap<>();
        told.forEach(emit -> all.put(emit.sequence(), emit));
        recorded.forEach(emit -> all.put(emit.sequence(), emit));
        return List.copyOf(all.values());
    }

    private static @Nullable Instant startedAt(@Nullable AttemptReport report, Optional<AttemptStatus> recorded) {
        return recorded.map(AttemptStatus::startedAt)
                .or(() -> Optional.ofNullable(report)
                        .map(AttemptReport::startedAt)
                        .map(at -> at.truncatedTo(ChronoUnit.MILLIS)))
                .orElse(null);
    }

    private static AttemptStatus ended(AttemptStatus attempt, Classification ending, Instant at) {
        return attempt.with()
                .endedAt(at)
                .exitCode(ending.exitCode())
                .signal(ending.signal())
                .reason(ending.reason())
                .message(ending.succeeded() ? null : ending.message())
                .stderrTail(ending.stderrTail())
                .failureClass(
                        ending.succeeded()
                                ? null
                                : FailureClasses.of(ending.reason()).orElse(null))
                .build();
    }

    private static @Nullable String annotation(Pod pod, String key) {
        return pod.getMetadata().getAnnotations() == null
                ? null
                : pod.getMetadata().getAnnotations().get(key);
    }

    /** What a failed attempt emitted is of no use to anybody. */
    static List<AttemptStatus> withoutEmits(List<AttemptStatus> attempts) {
        return attempts.stream().map(attempt -> attempt.withEmits(List.of())).toList();
    }

    private static List<AttemptStatus> replaced(JobSnapshot snapshot, AttemptStatus current) {
        List<AttemptStatus> attempts = new ArrayList<>(snapshot.status().attempts());
        attempts.removeIf(attempt -> attempt.number() == current.number());
        attempts.add(current);
        return attempts.subList(Math.max(0, attempts.size() - KEPT), attempts.size());
    }
}
