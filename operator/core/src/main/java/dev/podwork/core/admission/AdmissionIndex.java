package dev.podwork.core.admission;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a slot of which WorkerDefinition, and who waits for one. Whatever happens costs a constant number of look-ups and,
 * in the queue, logarithmic time, once for each definition that would do for the job; nothing goes through all jobs. A free slot is
 * given to the next job at once, which then only has to be told.
 */
public final class AdmissionIndex {

    /**
     * What came of a claim.
     *
     * @param admitted other jobs that got slots
     */
    public record Claim(Admission admission, List<Contender> admitted) {}

    /**
     * Where a job is.
     *
     * @param workers whose queues it is in, all of them, while it waits
     * @param holder whose slot it has; null while it waits
     */
    private record Place(
            Set<WorkerKey> workers, Turn turn, @Nullable WorkerKey holder) {}

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

    /**
     * A job that could start wants a slot, or still does: it gets one, or its place in the queue of each definition that would do.
     *
     * @param candidates these definitions, at least one
     */
    public synchronized Claim claim(List<Candidate> candidates, Contender contender, Instant now) {
        Set<WorkerKey> asked =
                candidates.stream().map(Candidate::worker).collect(Collectors.toCollection(LinkedHashSet::new));
        List<Contender> admitted = new ArrayList<>(moved(asked, contender, now));
        if (!places.containsKey(contender.uid())) {
            queue(new Place(asked, Turn.first(contender), null));
        }
        for (WorkerKey worker : best(candidates)) {
            admitted.addAll(fill(worker, now));
            if (holder(contender.uid()) != null) {
                break;
            }
        }
        admitted.remove(contender);
        return new Claim(admission(contender), List.copyOf(admitted));
    }

    /** A job has a pod, however it came by it: it has a slot, though there may be none left. Returns who may try next. */
    public synchronized List<Contender> hold(WorkerKey worker, Contender contender, Instant now) {
        Place place = places.get(contender.uid());
        if (place != null && worker.equals(place.holder())) {
            slots(worker).hold(place.turn());
            return fill(worker, now);
        }
        List<Contender> admitted = leave(contender.uid(), now);
        Turn turn = Turn.first(contender);
        places.put(contender.uid(), new Place(Set.of(worker), turn, worker));
        slots(worker).hold(turn);
        return admitted;
    }

    /** The API server refused the pod of a job that had a slot: it waits again, behind the others. Returns who may try next. */
    public synchronized List<Contender> refused(Contender contender, String words, Instant now) {
        Place place = places.get(contender.uid());
        if (place == null || place.holder() == null || !slots(place.holder()).isTrying(contender.uid())) {
            return List.of();
        }
        Set<WorkerKey> affected = new LinkedHashSet<>();
        for (Turn back : slots(place.holder()).refused(place.turn(), words, now)) {
            Place waiting = new Place(place(back.uid()).workers(), back, null);
            queue(waiting);
            affected.addAll(waiting.workers());
        }
        return fill(affected, now);
    }

    /** A job neither has an open attempt nor could start; returns who got its slot. */
    public synchronized List<Contender> leave(String uid, Instant now) {
        Place place = places.remove(uid);
        if (place == null) {
            return List.of();
        }
        place.workers().forEach(worker -> leave(worker, place.turn(), now));
        return fill(place.workers(), now);
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
        return places.size() - workers.values().stream().mapToInt(Slots::taken).sum();
    }

    /** How many definitions are known; those that nobody asks anything of are not. */
    public synchronized int workers() {
        return workers.size();
    }

    /** Whom to ask first: those of the lowest rank, and of these the one with the fewest jobs. */
    private List<WorkerKey> best(List<Candidate> candidates) {
        return candidates.stream()
                .sorted(Comparator.comparingInt(Candidate::rank)
                        .thenComparingInt(candidate -> taken(candidate.worker())))
                .map(Candidate::worker)
                .toList();
    }

    private int taken(WorkerKey worker) {
        Slots slots = workers.get(worker);
        return slots == null ? 0 : slots.taken();
    }

    private @Nullable WorkerKey holder(String uid) {
        Place place = places.get(uid);
        return place == null ? null : place.holder();
    }

    private Admission admission(Contender contender) {
        Place place = place(contender.uid());
        return place.holder() != null
                ? new Admission.Admitted(place.holder())
                : place.workers().stream()
                        .map(worker -> slots(worker).waiting(place.turn(), limits.applyAsInt(worker)))
                        .reduce(Admission.Waiting::and)
                        .orElseThrow();
    }

    /** Gives up what a job had elsewhere, or at another place of the queue. */
    private List<Contender> moved(Set<WorkerKey> asked, Contender contender, Instant now) {
        Place place = places.get(contender.uid());
        if (place == null) {
            return List.of();
        }
        if (place.holder() != null) {
            return asked.contains(place.holder()) ? List.of() : leave(contender.uid(), now);
        }
        if (place.workers().equals(asked) && place.turn().contender().equals(contender)) {
            return List.of();
        }
        List<Contender> admitted = leave(contender.uid(), now);
        queue(new Place(asked, new Turn(place.turn().refusals(), contender), null));
        return admitted;
    }

    private void queue(Place place) {
        places.put(place.turn().uid(), place);
        place.workers().forEach(worker -> slots(worker).queue(place.turn()));
    }

    private void leave(WorkerKey worker, Turn turn, Instant now) {
        Slots slots = slots(worker);
        slots.leave(turn, now);
        if (slots.isEmpty()) {
            workers.remove(worker);
        }
    }

    private List<Contender> fill(Collection<WorkerKey> some, Instant now) {
        List<Contender> admitted = new ArrayList<>();
        some.forEach(worker -> admitted.addAll(fill(worker, now)));
        return admitted;
    }

    private List<Contender> fill(WorkerKey worker, Instant now) {
        Slots slots = workers.get(worker);
        if (slots == null) {
            return List.of();
        }
        List<Contender> admitted = slots.fill(limits.applyAsInt(worker), now);
        admitted.forEach(contender -> admitted(contender, worker, now));
        if (slots.queued() > 0) {
            slots.gate().closedUntil(now).ifPresent(until -> reopening.accept(worker, until));
        }
        return admitted;
    }

    /** It waits for nobody else's slot any more. */
    private void admitted(Contender contender, WorkerKey holder, Instant now) {
        Place place = place(contender.uid());
        places.put(contender.uid(), new Place(place.workers(), place.turn(), holder));
        place.workers().stream()
                .filter(worker -> !worker.equals(holder))
                .forEach(worker -> leave(worker, place.turn(), now));
    }

    private Place place(String uid) {
        return Objects.requireNonNull(places.get(uid), "whoever is in a queue has a place");
    }

    private Slots slots(WorkerKey worker) {
        return workers.computeIfAbsent(worker, key -> new Slots());
    }
}
