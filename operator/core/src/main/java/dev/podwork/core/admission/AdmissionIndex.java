package dev.podwork.core.admission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a slot of which WorkerDefinition, and who waits for one. Whatever happens costs a constant number of look-ups and,
 * in the queue, logarithmic time; nothing goes through all jobs. A free slot is given to the next job at once, which then only
 * has to be told.
 */
public final class AdmissionIndex {

    /**
     * What came of a claim.
     *
     * @param admitted other jobs that got slots
     */
    public record Claim(Admission admission, List<Contender> admitted) {}

    private record Place(WorkerKey worker, Contender contender, boolean holds) {}

    private final ToIntFunction<WorkerKey> limits;
    private final Map<WorkerKey, Slots> workers = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();

    /** @param limits how many slots a definition has now; 0 while nothing can start with it */
    public AdmissionIndex(ToIntFunction<WorkerKey> limits) {
        this.limits = limits;
    }

    /** A job that could start wants a slot, or still does: it gets one, or its place in the queue. */
    public synchronized Claim claim(WorkerKey worker, Contender contender) {
        List<Contender> admitted = new ArrayList<>(moved(worker, contender));
        Place place = places.get(contender.uid());
        if (place == null) {
            slots(worker).wait(contender);
            places.put(contender.uid(), new Place(worker, contender, false));
            admitted.addAll(fill(worker));
        }
        admitted.remove(contender);
        Slots slots = slots(worker);
        Admission admission =
                slots.holds(contender) ? new Admission.Admitted() : slots.waiting(contender, limits.applyAsInt(worker));
        return new Claim(admission, List.copyOf(admitted));
    }

    /** A job has an open attempt, however it came by it: it has a slot, though there may be none left. */
    public synchronized void hold(WorkerKey worker, Contender contender) {
        Place place = places.get(contender.uid());
        if (place == null || !place.holds()) {
            drop(place);
            slots(worker).hold(contender);
            places.put(contender.uid(), new Place(worker, contender, true));
        }
    }

    /** A job neither has an open attempt nor could start; returns who got its slot. */
    public synchronized List<Contender> leave(String uid) {
        Place place = places.get(uid);
        drop(place);
        return place == null ? List.of() : fill(place.worker());
    }

    /** A definition has, perhaps, another limit; returns who got slots. */
    public synchronized List<Contender> changed(WorkerKey worker) {
        return fill(worker);
    }

    /** How many jobs hold slots or wait for one. */
    public synchronized int size() {
        return places.size();
    }

    /** How many jobs wait for a slot. */
    public synchronized int queued() {
        return workers.values().stream().mapToInt(Slots::queued).sum();
    }

    /** How many definitions are known; those that nobody asks anything of are not. */
    public synchronized int workers() {
        return workers.size();
    }

    /** Gives up what a job had elsewhere, or at another place of the queue. */
    private List<Contender> moved(WorkerKey worker, Contender contender) {
        Place place = places.get(contender.uid());
        if (place == null
                || (place.worker().equals(worker)
                        && (place.holds() || place.contender().equals(contender)))) {
            return List.of();
        }
        drop(place);
        return place.worker().equals(worker) ? List.of() : fill(place.worker());
    }

    private void drop(@Nullable Place place) {
        if (place != null) {
            places.remove(place.contender().uid());
            Slots slots = slots(place.worker());
            slots.leave(place.contender());
            if (slots.isEmpty()) {
                workers.remove(place.worker());
            }
        }
    }

    private List<Contender> fill(WorkerKey worker) {
        Slots slots = workers.get(worker);
        if (slots == null) {
            return List.of();
        }
        List<Contender> admitted = slots.fill(limits.applyAsInt(worker));
        admitted.forEach(contender -> places.put(contender.uid(), new Place(worker, contender, true)));
        return admitted;
    }

    private Slots slots(WorkerKey worker) {
        return workers.computeIfAbsent(worker, key -> new Slots());
    }
}
