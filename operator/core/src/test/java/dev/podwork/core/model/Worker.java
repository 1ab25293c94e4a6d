package dev.podwork.core.model;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker's process and what its shim keeps for it: messages, until somebody has recorded them. */
final class Worker {

    private final String podUid;
    final List<Emit> emits = new ArrayList<>();
    /** It has the job. */
    boolean given;
    /** It was told to end, and that nobody waits for it. */
    boolean dismissed;
    /** Its process is no more. */
    boolean gone;
    /** Number of its last message. */
    long said;
    /** Up to here nobody will ask its shim again. */
    long forgotten;

    @Nullable
    Outcome outcome;

    /** @param podUid what it returns, and complains of, so that everybody can tell whose result it is */
    Worker(String podUid) {
        this.podUid = podUid;
    }

    boolean works() {
        return given && !gone && outcome == null;
    }

    void emits() {
        said++;
        emits.add(new Emit(said, "e", TextNode.valueOf(podUid)));
    }

    void returns() {
        said++;
        outcome = new Outcome.Result(TextNode.valueOf(podUid));
    }

    void raises(@Nullable Boolean retriable) {
        said++;
        outcome = new Outcome.Failure(Reasons.WORKER_ERROR, new JobError(podUid, "no", null, null, retriable), null);
    }

    /** Its process ends, and its shim says so unless it answered before. */
    Exit ends(int code, String signal, boolean oomKilled) {
        Exit exit = new Exit(code, signal, oomKilled, "", List.of(podUid), null);
        gone = true;
        if (outcome == null) {
            said++;
            outcome = new Outcome.Exited(exit);
        }
        return exit;
    }
}
