package dev.podwork.core.admission;

import java.util.Comparator;

/**
 * A job's place in a queue: those whose pods were refused come after those who have not tried yet.
 *
 * @param refusals how often it was the job's turn, and its pod was refused
 */
record Turn(int refusals, Contender contender) implements Comparable<Turn> {

    private static final Comparator<Turn> ORDER =
            Comparator.comparing(Turn::refusals).thenComparing(Turn::contender);

    static Turn first(Contender contender) {
        return new Turn(0, contender);
    }

    Turn refused() {
        return new Turn(refusals + 1, contender);
    }

    String uid() {
        return contender.uid();
    }

    @Override
    public int compareTo(Turn other) {
        return ORDER.compare(this, other);
    }
}
