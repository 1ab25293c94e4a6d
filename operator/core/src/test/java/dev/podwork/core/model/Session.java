package dev.podwork.core.model;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Emit;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stands in for a context server's session: what one operator has heard of one pod's worker. */
final class Session {

    final PodRun run;
    private final AttemptKey key;
    private final Instant startedAt;
    private final List<Emit> emits;
    /** Number of the last message that came, or was recorded before this session began. */
    private long heard;

    private Instant heardAt;

    private boolean over;

    Session(PodRun run, AttemptKey key, Optional<AttemptStatus> recorded, Instant now) {
        this.run = run;
        this.key = key;
        this.startedAt = recorded.map(AttemptStatus::startedAt).orElse(now);
        this.emits = new ArrayList<>(recorded.map(AttemptStatus::emits).orElseGet(List::of));
        this.heardAt = now;
        this.heard = recorded.map(AttemptStatus::acknowledged).orElse(0L);
    }

    /** The relay is there: whether it has anything to tell, or is told that all is over. */
    boolean isOpen(Instant now) {
        heardAt = now;
        run.worker.dismissed |= over;
        return !over;
    }

    Contact contact() {
        return new Contact(heardAt, !run.cut);
    }

    /** The shim sends again what it must not forget yet, and then what is new: as far as the connection lasts. */
    void hear(long most) {
        long before = Math.max(heard, run.worker.forgotten);
        long after = Math.max(heard, Math.min(run.worker.said, before + most));
        run.worker.emits.stream()
                .filter(emit -> emit.sequence() > before && emit.sequence() <= after)
                .forEach(emits::add);
        heard = after;
    }

    boolean isBehind() {
        return over ? !run.worker.dismissed : heard < run.worker.said;
    }

    AttemptReport report() {
        boolean all = heard == run.worker.said;
        return new AttemptReport(key, startedAt, null, emits, heard, all ? run.worker.outcome : null);
    }

    /** This much is recorded: the shim may forget it. */
    void recorded(long sequence, boolean ended) {
        if (ended) {
            over = true;
            run.worker.dismissed |= !run.cut;
        } else if (!over) {
            run.forget(Math.min(sequence, heard));
        }
    }
}
