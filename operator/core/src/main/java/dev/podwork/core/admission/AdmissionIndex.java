package dev.podwork.core.admission;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
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

    private record Place(WorkerKey worker, Turn turn) {}

    private final ToIntFunction<WorkerKey> limits;
    private final BiConsumer<WorkerKey, Instant> reopening;
    private final Map<WorkerKey, Slots> workers = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();

    /**
     * Makes one that is empty.
     *
     * @param limits how many slots a definition has now; 0 while nothing can start with it
     * @param reopening told when to call {@link #reopened}, because the API server refuses a definition's pods until then
     */
    public AdmissionIndex(ToIntFunction<WorkerKey> limits, BiConsumer<WorkerKey, Instant> reopening) {
        this.limits = limits;
        this.reopening = reopening;
    }

    /** A job that could start wants a slot, or still does: it gets one, or its place in the queue. */
    public synchronized Claim claim(WorkerKey worker, Contender contender, Instant now) {
        List<Contender> admitted = new ArrayList<>(moved(worker, contender, now));
        if (!places.containsKey(contender.uid())) {
            enter(new Place(worker, Turn.first(contender))).queue(Turn.first(contender));
        }
        admitted.addAll(fill(worker, now));
        admitted.remove(contender);
        return new Claim(admission(worker, contender), List.copyOf(admitted));
    }

    /** A job has a pod, however it came by it: it has a slot, though there may be none left. Returns who may try next. */
    public synchronized List<Contender> hold(WorkerKey worker, Contender contender, Instant now) {
        Place place = places.get(contender.uid());
        if (place == null || !slots(place.worker()).holds(contender.uid())) {
            drop(place, now);
            Turn turn = Turn.first(contender);
            enter(new Place(worker, turn)).hold(turn);
            return List.of();
        }
        slots(place.worker()).hold(place.turn());
        return fill(place.worker(), now);
    }

    /** The API server refused the pod of a job that had a slot: it waits again, behind the others. Returns who may try next. */
    public synchronized List<Contender> refused(Contender contender, String words, Instant now) {
        Place place = places.get(contender.uid());
        if (place == null) {
            return List.of();
        }
        Turn again = slots(place.worker()).refused(place.turn(), words, now);
        places.put(contender.uid(), new Place(place.worker(), again));
        return fill(place.worker(), now);
    }

    /** A job neither has an open attempt nor could start; returns who got its slot. */
    public synchronized List<Contender> leave(String uid, Instant now) {
        Place place = places.get(uid);
        drop(place, now);
        return place == null ? List.of() : fill(place.worker(), now);
    }

    /** A definition has another limit, perhaps, or makes other pods; returns who got slots. */
    public synchronized List<Contender> changed(WorkerKey worker, Instant now) {
        Slots slots = workers.get(worker);
        if (slots != null) {
            slots.gate().open();
        }
        return fill(worker, now);
    }

    /** The moment has come at which somebody may try again; returns who. */
    public synchronized List<Contender> reopened(WorkerKey worker, Instant now) {
        return fill(worker, now);
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

    private Admission admission(WorkerKey worker, Contender contender) {
        Slots slots = slots(worker);
        Place place = places.get(contender.uid());
        return place == null || slots.holds(contender.uid())
                ? new Admission.Admitted()
                : slots.waiting(place.turn(), limits.applyAsInt(worker));
    }

    /** Gives up what a job had elsewhere, or at another place of the queue. */
    private List<Contender> moved(WorkerKey worker, Contender contender, Instant now) {
        Place place = places.get(contender.uid());
        if (place == null) {
            return List.of();
        }
        if (!place.worker().equals(worker)) {
            drop(place, now);
            return fill(place.worker(), now);
        }
        if (!slots(worker).holds(contender.uid()) && !place.turn().contender().equals(contender)) {
            drop(place, now);
            Turn turn = new Turn(place.turn().refusals(), contender);
            enter(new Place(worker, turn)).queue(turn);
        }
        return List.of();
    }

    private Slots enter(Place place) {
        places.put(place.turn().uid(), place);
        return slots(place.worker());
    }

    private void drop(@Nullable Place place, Instant now) {
        if (place != null) {
            places.remove(place.turn().uid());
            Slots slots = slots(place.worker());
            slots.leave(place.turn(), now);
            if (slots.isEmpty()) {
                workers.remove(place.worker());
            }
        }
    }

    private List<Contender> fill(WorkerKey worker, Instant now) {
        Slots slots = workers.get(worker);
        if (slots == null) {
            return List.of();
        }
        List<Contender> admitted = slots.fill(limits.applyAsInt(worker), now);
        if (slots.queued() > 0) {
            slots.gate().closedUntil(now).ifPresent(until -> reopening.accept(worker, until));
        }
        return admitted;
    }

    private Slots slots(WorkerKey worker) {
        return workers.computeIfAbsent(worker, key -> new Slots());
    }
}
