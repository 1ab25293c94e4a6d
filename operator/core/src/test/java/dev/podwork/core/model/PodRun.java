package dev.podwork.core.model;

import dev.podwork.api.Labels;
import dev.podwork.core.attempt.Exit;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One pod as it really is, on its node. The API server knows only what its kubelet told last. */
final class PodRun {

    /** Why a pod will never start. */
    static final String BAD_NAME = "InvalidImageName";

    static final long NEVER = Long.MAX_VALUE;
    /** What docs/jobs.md promises a node that does not answer. */
    private static final long LOST_NODE = 30_000;

    private static final int SIGTERM = 143;
    private static final int SIGKILL = 137;

    private final World world;
    final Pod made;
    final String uid;
    final String jobUid;
    final int attempt;
    final Worker worker;

    /** The node does not answer: nothing that happens there is heard of, and nothing that is asked is done. */
    boolean nodeLost;
    /** The relay reaches no operator. */
    boolean cut;
    /** By the clock of an operator that went on to the next attempt, its node had its time to answer. */
    boolean givenUp;
    /** The pod's object is still there. */
    boolean present = true;

    boolean scheduled;
    boolean started;
    boolean disrupted;
    /** Why its containers can't start, or it can't be scheduled. */
    @Nullable
    String waiting;
    /** Why the kubelet ended the whole pod. */
    @Nullable
    String failure;

    /** How its worker's process ended, while its shim may still have to tell. */
    @Nullable
    Exit exit;

    @Nullable
    ContainerStateTerminated terminated;
    /** Its shim was ended before all was recorded. */
    boolean cutShort;
    /** How its worker ended on a node that can't tell. */
    private @Nullable ContainerStateTerminated untold;

    /** Whether its worker goes on for ever; null while that is open. */
    @Nullable
    Boolean hangs;
    /** When the grace period of its deletion ends. */
    long deletedBy = NEVER;

    long killedAt = NEVER;

    PodRun(World world, Pod made) {
        this.world = world;
        this.made = made;
        this.uid = made.getMetadata().getUid();
        this.jobUid = made.getMetadata().getOwnerReferences().get(0).getUid();
        this.attempt = Integer.parseInt(made.getMetadata().getLabels().get(Labels.ATTEMPT));
        this.worker = new Worker(uid);
    }

    boolean isHopeless() {
        return BAD_NAME.equals(waiting);
    }

    boolean isOver() {
        return terminated != null || failure != null || untold != null;
    }

    /** Its worker may do something, as far as anybody knows who is not on its node. */
    boolean mayWork() {
        return started && !worker.gone;
    }

    void schedule() {
        scheduled = true;
        waiting = null;
        Long deadline = made.getSpec().getActiveDeadlineSeconds();
        killedAt = deadline == null ? NEVER : world.now + deadline * 1000;
        tell();
    }

    void waitsFor(String reason) {
        waiting = reason;
        tell();
    }

    void start() {
        waiting = null;
        started = true;
        tell();
    }

    /** The worker's process ends: by itself, or because it was told to. Its shim stays until all is recorded. */
    void exits(int code, String signal, boolean oomKilled) {
        exit = worker.ends(code, signal, oomKilled);
    }

    boolean isDrained() {
        return exit != null && (worker.dismissed || worker.forgotten == worker.said);
    }

    /** The shim has nothing left to do, or no time for it. */
    void containerEnds() {
        boolean answered = worker.outcome != null && worker.forgotten < worker.said;
        ended(PodObjects.terminated(Objects.requireNonNull(exit), true, answered ? worker.outcome : null));
    }

    /** Worker and shim are killed, and nobody is left to tell of it but the kubelet. */
    void isKilled(boolean oomKilled) {
        worker.gone = true;
        ended(PodObjects.terminated(new Exit(SIGKILL, "SIGKILL", oomKilled, "", List.of(), null), false, null));
    }

    private void ended(ContainerStateTerminated how) {
        cutShort = worker.forgotten < worker.said;
        if (nodeLost) {
            untold = how;
        } else {
            terminated = how;
            tell();
        }
    }

    /** Its node was told to delete it long ago, and nobody can tell whether it did. */
    boolean isPresumedGone(long now) {
        return deletedBy != NEVER && now >= deletedBy / 1000 * 1000 + LOST_NODE;
    }

    /** Somebody deletes it, and its kubelet will end it. */
    void delete(long graceMillis) {
        if (present && deletedBy == NEVER) {
            deletedBy = world.now + graceMillis;
            publish();
        }
    }

    /** The kubelet does what its deletion asks for. */
    void kill() {
        if (nodeLost || isOver() || !present) {
            return;
        }
        if (!started) {
            failure = "Terminated";
            return;
        }
        if (!worker.gone) {
            exits(SIGTERM, "SIGTERM", false);
        }
        containerEnds();
    }

    /** The kubelet ends the whole pod of its own accord, and says why. */
    void fails(String reason) {
        if (!nodeLost && !isOver()) {
            failure = reason;
            disrupted = !reason.equals("DeadlineExceeded");
            if (started) {
                isKilled(false);
            } else {
                tell();
            }
        }
    }

    /** Its object goes; where the node answers, so does all that ran. */
    void vanish() {
        if (present) {
            present = false;
            world.api.remove(made.getMetadata().getName());
            world.note(() -> "pod %s is gone".formatted(uid));
        }
        if (!nodeLost) {
            worker.gone = true;
        }
    }

    /** Somebody has recorded what its worker said up to here. */
    void forget(long sequence) {
        if (sequence > worker.forgotten) {
            worker.forgotten = sequence;
            world.invariants.forgotten(this);
        }
    }

    void nodeReturns() {
        nodeLost = false;
        terminated = terminated == null ? untold : terminated;
        if (present) {
            tell();
        } else {
            worker.gone = true;
        }
    }

    private void tell() {
        if (!nodeLost && present) {
            publish();
        }
    }

    private void publish() {
        world.api.write(PodObjects.of(this));
        world.note(() -> "pod %s %s".formatted(uid, this));
    }

    @Override
    public String toString() {
        return "scheduled=%s started=%s waiting=%s failure=%s terminated=%s deleted=%s lost=%s"
                .formatted(
                        scheduled,
                        started,
                        waiting,
                        failure,
                        terminated == null ? null : terminated.getExitCode(),
                        deletedBy != NEVER,
                        nodeLost);
    }
}
