package dev.podwork.core.admission;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a definition's jobs from all asking for pods that the API server refuses: one tries at a time, and after refusals in a row
 * only after longer and longer waits.
 */
final class Gate {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private int refusals;
    private @Nullable Instant closedUntil;
    private @Nullable String words;

    boolean isCautious() {
        return refusals > 0;
    }

    /** What was said of the last pod that was refused; null when pods are let in. */
    @Nullable
    String words() {
        return words;
    }

    /** Until when nobody tries; empty when somebody may. */
    Optional<Instant> closedUntil(Instant now) {
        return Optional.ofNullable(closedUntil).filter(now::isBefore);
    }

    /** How many more may try now, of those for whom there are slots. */
    int room(int free, int trying, Instant now) {
        if (!isCautious()) {
            return free;
        }
        return closedUntil(now).isPresent() ? 0 : Math.min(free, Math.max(0, 1 - trying));
    }

    /** A pod was refused; where others have not tried yet, it may have been that pod's own fault, once. */
    void refused(String told, boolean othersMayDo, Instant now) {
        refusals++;
        words = told;
        closedUntil = refusals == 1 && othersMayDo ? null : now.plus(wait(refusals));
    }

    /** A pod was let in. The next one tries at once. */
    void passed(boolean nobodyWaits) {
        if (nobodyWaits) {
            open();
        } else if (isCautious()) {
            refusals = 1;
            closedUntil = null;
        }
    }

    /** A pod is about to end: what it took of a quota is free in a moment. */
    void eased(Instant now) {
        Instant soon = now.plus(SHORTEST);
        if (closedUntil != null && closedUntil.isAfter(soon)) {
            closedUntil = soon;
        }
    }

    /** Whatever was refused may be another thing now. */
    void open() {
        refusals = 0;
        closedUntil = null;
        words = null;
    }

    private static Duration wait(int refusals) {
        Duration wait = SHORTEST.multipliedBy(1L << Math.min(refusals - 1, 10));
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }
}
