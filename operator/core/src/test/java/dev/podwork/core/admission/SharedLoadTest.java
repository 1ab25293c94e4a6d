package dev.podwork.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.core.admission.Admission.Admitted;
import dev.podwork.core.admission.Admission.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several definitions that would do for the same jobs. */
class SharedLoadTest {

    private static final WorkerKey A = new WorkerKey("ns", "a");
    private static final WorkerKey B = new WorkerKey("ns", "b");
    private static final WorkerKey C = new WorkerKey("ns", "c");
    private static final List<Candidate> EQUALS = List.of(new Candidate(A, 0), new Candidate(B, 0));
    private static final List<Candidate> FALLBACK =
            List.of(new Candidate(C, 2), new Candidate(A, 0), new Candidate(B, 1));
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

    private final Map<WorkerKey, Integer> limits = new HashMap<>(Map.of(A, 2, B, 2, C, 2));
    private final AdmissionIndex index =
            new AdmissionIndex(worker -> limits.getOrDefault(worker, 0), (worker, at) -> {});

    @Test
    void whoHasTheFewestJobsGetsTheNext() {
        limits.put(A, 9);
        limits.put(B, 9);
        assertThat(admitted("1", "2", "3", "4")).containsExactly(A, B, A, B);
        index.leave("1", NOW);
        index.leave("3", NOW);
        assertThat(admitted("5", "6", "7")).containsExactly(A, A, A);
    }

    @Test
    void whoHasNoRoomIsPassedOver() {
        limits.put(A, 1);
        assertThat(admitted("1", "2", "3")).containsExactly(A, B, B);
        assertThat(claim("4")).isEqualTo(new Waiting(3, 3, 0, null, 1));
        assertThat(claim("5")).isEqualTo(new Waiting(3, 3, 1, null, 1));
    }

    @Test
    void whoeverHasRoomFirstTakesTheNextOfThoseWhoWait() {
        admitted("1", "2", "3", "4");
        claim("5");
        claim("6");
        assertThat(index.leave("2", NOW)).containsExactly(job("5"));
        assertThat(claim("5")).isEqualTo(new Admitted(B));
        assertThat(index.leave("1", NOW)).containsExactly(job("6"));
        assertThat(claim("6")).isEqualTo(new Admitted(A));
        assertThat(index.queued()).isZero();
    }

    @Test
    void aJobOfOneDefinitionAloneWaitsInTheSameQueue() {
        admitted("1", "2", "3", "4");
        claim("5");
        index.claim(List.of(new Candidate(A, 0)), job("6"), NOW);
        assertThat(index.leave("1", NOW)).containsExactly(job("5"));
        assertThat(index.leave("2", NOW)).as("6 is not for B").isEmpty();
        assertThat(index.leave("3", NOW)).containsExactly(job("6"));
    }

    @Test
    void aFallbackGetsWhatTheOthersHaveNoRoomFor() {
        List<WorkerKey> order = IntStream.range(0, 6)
                .mapToObj(i ->
                        ((Admitted) index.claim(FALLBACK, job("" + i), NOW).admission()).worker())
                .toList();
        assertThat(order).containsExactly(A, A, B, B, C, C);
    }

    @Test
    void whoCanStartNothingIsPassedOverUntilItCan() {
        limits.put(A, 0);
        assertThat(admitted("1", "2")).containsExactly(B, B);
        assertThat(claim("3")).isEqualTo(new Waiting(2, 2, 0, null, 1));
        limits.put(A, 1);
        assertThat(index.changed(A, NOW)).containsExactly(job("3"));
        assertThat(claim("3")).isEqualTo(new Admitted(A));
    }

    @Test
    void aDefinitionThatComesLaterTakesJobsThatWait() {
        admitted("1", "2", "3", "4");
        claim("5");
        List<Candidate> more = List.of(new Candidate(A, 0), new Candidate(B, 0), new Candidate(C, 0));
        assertThat(index.claim(more, job("5"), NOW).admission()).isEqualTo(new Admitted(C));
    }

    @Test
    void aSlotIsKeptWhateverElseWouldDoByNow() {
        assertThat(claim("1")).isEqualTo(new Admitted(A));
        assertThat(index.claim(FALLBACK, job("1"), NOW).admission()).isEqualTo(new Admitted(A));
        assertThat(index.claim(List.of(new Candidate(B, 0)), job("1"), NOW).admission())
                .as("A would not do any more")
                .isEqualTo(new Admitted(B));
    }

    @Test
    void aPodThatIsRefusedToOneIsTriedWithTheOther() {
        limits.put(A, 1);
        limits.put(B, 1);
        admitted("1");
        assertThat(index.refused(job("1"), "exceeded quota", NOW)).hasSize(1);
        assertThat(index.size()).isEqualTo(1);
        admitted("1");
    }

    @Test
    void aPodThatIsFoundHoldsItsDefinitionsSlot() {
        admitted("1", "2", "3", "4");
        claim("5");
        assertThat(index.hold(B, job("5"), NOW)).isEmpty();
        assertThat(claim("5")).isEqualTo(new Admitted(B));
        assertThat(index.hold(B, job("1"), NOW)).as("it had a slot of A").isEmpty();
        assertThat(index.queued()).isZero();
    }

    @Test
    void nothingIsLeft() {
        admitted("1", "2", "3", "4");
        claim("5");
        index.refused(job("3"), "no", NOW);
        for (int i = 1; i <= 5; i++) {
            index.leave("" + i, NOW);
        }
        assertThat(index.size()).isZero();
        assertThat(index.workers()).isZero();
    }

    /** Whatever happens: no slot too many, nobody waits while one that would do has room, and the next is the next of those. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noSlotIsLostOrGivenTwice(long seed) {
        Random random = new Random(seed);
        List<WorkerKey> all = List.of(A, B, C);
        Map<String, List<Candidate>> waiting = new HashMap<>();
        Map<String, WorkerKey> holding = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            String name = "j" + random.nextInt(60);
            List<Contender> told = new ArrayList<>();
            switch (random.nextInt(7)) {
                case 0 -> {
                    WorkerKey worker = all.get(random.nextInt(3));
                    limits.put(worker, random.nextInt(5));
                    told.addAll(index.changed(worker, NOW));
                }
                case 1, 2 -> {
                    waiting.remove(name);
                    holding.remove(name);
                    told.addAll(index.leave(name, NOW));
                }
                default -> {
                    // A job's candidates are always the same here, so that it never has to move.
                    Random own = new Random(name.hashCode());
                    List<Candidate> candidates = all.stream()
                            .filter(worker -> own.nextInt(3) > 0)
                            .map(worker -> new Candidate(worker, own.nextInt(2)))
                            .toList();
                    if (!candidates.isEmpty()) {
                        if (!holding.containsKey(name)) {
                            waiting.put(name, candidates);
                        }
                        AdmissionIndex.Claim claim = index.claim(candidates, job(name), NOW);
                        told.addAll(claim.admitted());
                        if (claim.admission() instanceof Admitted admitted && !holding.containsKey(name)) {
                            waiting.remove(name);
                            holding.put(name, admitted.worker());
                        }
                    }
                }
            }
            Map<String, List<Candidate>> asked = new HashMap<>(waiting);
            told.forEach(next -> waiting.remove(next.uid()));
            for (Contender next : told) {
                Admitted admitted =
                        (Admitted) index.claim(Objects.requireNonNull(asked.get(next.uid())), job(next.uid()), NOW)
                                .admission();
                holding.put(next.uid(), admitted.worker());
                assertThat(waiting.entrySet())
                        .filteredOn(other -> other.getValue().stream()
                                .anyMatch(candidate -> candidate.worker().equals(admitted.worker())))
                        .allMatch(other -> next.compareTo(job(other.getKey())) < 0);
            }
            for (WorkerKey worker : all) {
                long held = holding.values().stream().filter(worker::equals).count();
                boolean wanted = waiting.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(candidate -> candidate.worker().equals(worker));
                assertThat(!wanted || held >= limits.getOrDefault(worker, 0)).isTrue();
            }
            assertThat(index.size()).isEqualTo(waiting.size() + holding.size());
            assertThat(index.queued()).isEqualTo(waiting.size());
        }
    }

    private static Contender job(String name) {
        return new Contender(name, "ns", name, 0, NOW);
    }

    private Admission claim(String name) {
        AdmissionIndex.Claim claim = index.claim(EQUALS, job(name), NOW);
        assertThat(claim.admitted()).isEmpty();
        return claim.admission();
    }

    private List<WorkerKey> admitted(String... names) {
        return Arrays.stream(names)
                .map(name -> ((Admitted) claim(name)).worker())
                .toList();
    }
}
