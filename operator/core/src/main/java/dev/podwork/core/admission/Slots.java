package dev.podwork.core.admission;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The slots of one WorkerDefinition: whose pods run, who has a slot and no pod yet, and who waits. */
final class Slots {

    private final Set<String> running = new HashSet<>();
    private final Map<String, Turn> trying = new HashMap<>();
    private final RankedSet<Turn> queue = new RankedSet<>();
    private final Gate gate = new Gate();

    boolean isEmpty() {
        return running.isEmpty() && trying.isEmpty() && queue.isEmpty();
    }

    boolean holds(String uid) {
        return running.contains(uid) || trying.containsKey(uid);
    }

    int queued() {
        return queue.size();
    }

    Gate gate() {
        return gate;
    }

    void queue(Turn turn) {
        queue.add(turn);
    }

    /** A job has a pod; if it had a slot before, its pod was let in just now. */
    void hold(Turn turn) {
        queue.remove(turn);
        running.add(turn.uid());
        if (trying.remove(turn.uid()) != null) {
            gate.passed(queue.isEmpty());
        }
    }

    void leave(Turn turn, Instant now) {
        queue.remove(turn);
        trying.remove(turn.uid());
        if (running.remove(turn.uid())) {
            gate.eased(now);
        }
    }

    /** The pod of a job that had a slot was refused. All who would try at the same time wait from now on. */
    Turn refused(Turn turn, String words, Instant now) {
        if (trying.remove(turn.uid()) == null) {
            return turn;
        }
        trying.values().forEach(queue::add);
        trying.clear();
        boolean othersMayDo = queue.first()
                .filter(first -> first.refusals() <= turn.refusals())
                .isPresent();
        gate.refused(words, othersMayDo, now);
        Turn next = turn.refused();
        queue.add(next);
        return next;
    }

    /** Gives the free slots to those who are next. */
    List<Contender> fill(int limit, Instant now) {
        List<Contender> admitted = new ArrayList<>();
        int room = gate.room(limit - running.size() - trying.size(), trying.size(), now);
        while (admitted.size() < room && !queue.isEmpty()) {
            Turn next = queue.first().orElseThrow();
            queue.remove(next);
            trying.put(next.uid(), next);
            admitted.add(next.contender());
        }
        return admitted;
    }

    Admission.Waiting waiting(Turn turn, int limit) {
        int taken = running.size() + trying.size();
        return new Admission.Waiting(taken, limit, queue.before(turn), taken < limit ? gate.words() : null);
    }
}
