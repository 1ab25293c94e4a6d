package dev.podwork.core.admission;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The slots of one WorkerDefinition: who holds one, by UID, and who waits. */
final class Slots {

    private final Set<String> holders = new HashSet<>();
    private final RankedSet<Contender> queue = new RankedSet<>();

    boolean isEmpty() {
        return holders.isEmpty() && queue.isEmpty();
    }

    boolean holds(Contender contender) {
        return holders.contains(contender.uid());
    }

    void hold(Contender contender) {
        queue.remove(contender);
        holders.add(contender.uid());
    }

    void wait(Contender contender) {
        queue.add(contender);
    }

    void leave(Contender contender) {
        queue.remove(contender);
        holders.remove(contender.uid());
    }

    /** Gives the free slots to those who are next. */
    List<Contender> fill(int limit) {
        List<Contender> admitted = new ArrayList<>();
        while (holders.size() < limit && !queue.isEmpty()) {
            Contender next = queue.first().orElseThrow();
            hold(next);
            admitted.add(next);
        }
        return admitted;
    }

    Admission.Waiting waiting(Contender contender, int limit) {
        return new Admission.Waiting(holders.size(), limit, queue.before(contender));
    }

    int queued() {
        return queue.size();
    }
}
