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

    boolean isTrying(String uid) {
        return trying.containsKey(uid);
    }

    int taken() {
        return running.size() + trying.size();
    }

    /** The pod of a job that tries was refused. All who would try at the same time wait from now on: returns them, too. */
    List<Turn> refused(Turn turn, String words, Instant now) {
        trying.remove(turn.uid());
        List<Turn> back = new ArrayList<>(trying.values());
        back.forEach(queue::add);
        trying.clear();
        boolean othersMayDo = queue.first()
                .filter(first -> first.refusals() <= turn.refusals())
                .isPresent();
        gate.refused(words, othersMayDo, now);
        Turn next = turn.refused();
        queue.add(next);
        back.add(next);
        return back;
    }

    /** Gives the free slots to those who are next. */
    List<Contender> fill(int limit, Instant now) {
        List<Contender> admitted = new ArrayList<>();
        int room = gate.room(limit - taken(), trying.size(), now);
        while (admitted.size() < room && !queue.isEmpty()) {
            Turn next = queue.first().orElseThrow();
            queue.remove(next);
            trying.put(next.uid(), next);
            admitted.add(next.contender());
        }
        return admitted;
    }

    Admission.Waiting waiting(Turn turn, int limit) {
        return new Admission.Waiting(taken(), limit, queue.before(turn), taken() < limit ? gate.words() : null);
    }
}
