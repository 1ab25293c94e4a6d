package dev.podwork.core.model;

import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.pod.Lingering;
import dev.podwork.core.pod.PodSignals;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Brings an operator's caches up to date, change by change, and wakes it for what the real event sources wake it for. */
final class Informer {

    private static final Duration OTHERS_NEWS = Duration.ofSeconds(5);

    private final ApiServer api;
    private final Operator operator;

    Informer(ApiServer api, Operator operator) {
        this.api = api;
        this.operator = operator;
    }

    /** How a start, or a watch that was cut off, begins: with all there is now, and none of what was in between. */
    void list(Memory memory) {
        job(memory, api.job());
        memory.jobsSeen = api.jobs.length();
        for (Pod gone : new ArrayList<>(memory.pods.values())) {
            Pod present = api.podsByName.get(gone.getMetadata().getName());
            if (present == null || !Memory.uid(present).equals(Memory.uid(gone))) {
                podGone(memory, gone);
            }
        }
        api.trimmed.values().forEach(pod -> pod(memory, pod));
        memory.podsSeen = api.pods.length();
        definition(memory, api.definition());
        memory.definitionsSeen = api.definitions.length();
    }

    boolean nextJob(Memory memory) {
        if (memory.jobsSeen == api.jobs.length()) {
            return false;
        }
        job(memory, api.jobs.at(memory.jobsSeen++).after());
        return true;
    }

    boolean nextPod(Memory memory) {
        if (memory.podsSeen == api.pods.length()) {
            return false;
        }
        Watch.Change<Pod> change = api.pods.at(memory.podsSeen++);
        if (change.after() != null) {
            pod(memory, change.after());
        } else if (change.before() != null) {
            podGone(memory, change.before());
        }
        return true;
    }

    boolean nextDefinition(Memory memory) {
        if (memory.definitionsSeen == api.definitions.length()) {
            return false;
        }
        definition(memory, api.definitions.at(memory.definitionsSeen++).after());
        return true;
    }

    private void job(Memory memory, @Nullable Job after) {
        Job before = memory.informed;
        memory.informed = after;
        if (before != null && (after == null || !Memory.uid(before).equals(Memory.uid(after)))) {
            operator.jobDeleted();
        }
        if (after == null) {
            return;
        }
        Job same = before != null && Memory.uid(before).equals(Memory.uid(after)) ? before : null;
        boolean specChanged = same != null
                && !same.getMetadata()
                        .getGeneration()
                        .equals(after.getMetadata().getGeneration());
        boolean writtenByAnother = same != null
                && !Objects.equals(same.getStatus(), after.getStatus())
                && (memory.written == null || Memory.version(after) > Memory.version(memory.written));
        if (memory.written != null && !memory.isAhead()) {
            memory.written = null;
        }
        if (writtenByAnother) {
            operator.wakeBy(operator.now().plus(OTHERS_NEWS));
        }
        memory.woken |= specChanged || (same == null && !Memory.isEnded(after));
    }

    /** A pod that this operator made itself may be newer in its cache than what the watch brings. */
    private void pod(Memory memory, Pod after) {
        Pod before = memory.pods.get(after.getMetadata().getName());
        if (before != null && Memory.version(before) >= Memory.version(after)) {
            return;
        }
        memory.pods.put(after.getMetadata().getName(), after);
        boolean news = before == null || !PodSignals.of(before).equals(PodSignals.of(after));
        memory.woken |= news && memory.isActive();
        memory.woken |= before == null && Lingering.is(after) && memory.isEnded();
    }

    private void podGone(Memory memory, Pod gone) {
        Pod cached = memory.pods.get(gone.getMetadata().getName());
        if (cached != null && Memory.uid(cached).equals(Memory.uid(gone))) {
            memory.pods.remove(gone.getMetadata().getName());
        }
        memory.woken |= memory.isActive();
        memory.endSeen.remove(Memory.uid(gone));
        memory.sessions.remove(Memory.uid(gone));
    }

    private void definition(Memory memory, @Nullable WorkerDefinition after) {
        memory.definition = after;
        Job job = memory.informed;
        memory.woken |= job != null && !Memory.isEnded(job);
    }
}
