package dev.podwork.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.core.admission.Admission.Admitted;
import dev.podwork.core.admission.Admission.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionIndexTest {

    private static final WorkerKey WORKER = new WorkerKey("ns", "w");
    private static final WorkerKey OTHER = new WorkerKey("ns", "other");
    private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");

    private final Map<WorkerKey, Integer> limits = new HashMap<>(Map.of(WORKER, 2, OTHER, Integer.MAX_VALUE));
    private final List<Instant> reopening = new ArrayList<>();
    private final AdmissionIndex index =
            new AdmissionIndex(worker -> limits.getOrDefault(worker, 0), (worker, at) -> reopening.add(at));
    private Instant now = START.plusSeconds(100);

    @Test
    void asManyAsMayRunAreAdmittedAndTheOthersAreToldWhatIsAhead() {
        assertThat(claim(job("a"))).isEqualTo(new Admitted(WORKER));
        assertThat(claim(job("b"))).isEqualTo(new Admitted(WORKER));
        assertThat(claim(job("c"))).isEqualTo(new Waiting(2, 2, 0, null));
        assertThat(claim(job("d"))).isEqualTo(new Waiting(2, 2, 1, null));
        assertThat(claim(job("a"))).as("asked again").isEqualTo(new Admitted(WORKER));
        assertThat(claim(job("d"))).as("asked again").isEqualTo(new Waiting(2, 2, 1, null));
    }

    @Test
    void aFreeSlotIsGivenToExactlyTheNext() {
        claimAll(job("a"), job("b"), job("c"), job("d"));

        assertThat(index.leave("a", now)).containsExactly(job("c"));
        assertThat(claim(job("e"))).as("no slot is left over").isEqualTo(new Waiting(2, 2, 1, null));
        assertThat(claim(job("c"))).isEqualTo(new Admitted(WORKER));
        assertThat(index.leave("a", now)).as("left already").isEmpty();
    }

    @Test
    void higherPriorityComesFirstThenAgeThenName() {
        Contender low = new Contender("low", "ns", "low", -1, START);
        Contender young = new Contender("young", "ns", "a-young", 0, START.plusSeconds(9));
        Contender b = new Contender("b", "ns", "b", 0, START);
        Contender a = new Contender("a", "ns", "a", 0, START);
        Contender high = new Contender("high", "ns", "high", 5, START.plusSeconds(99));
        claimAll(job("1"), job("2"), low, young, b, a, high);

        assertThat(drained()).containsExactly(high, a, b, young, low);
    }

    @Test
    void anotherPriorityIsAnotherPlace() {
        Contender late = new Contender("late", "ns", "late", 0, START.plusSeconds(99));
        claimAll(job("1"), job("2"), job("a"), job("b"), late);

        Contender urgent = new Contender("late", "ns", "late", 1, START.plusSeconds(99));
        assertThat(claim(urgent)).isEqualTo(new Waiting(2, 2, 0, null));
        assertThat(drained()).containsExactly(urgent, job("a"), job("b"));
    }

    @Test
    void whoLeavesTheQueueIsAheadOfNobody() {
        claimAll(job("1"), job("2"), job("a"), job("b"));
        assertThat(index.leave("a", now)).isEmpty();

        assertThat(claim(job("b"))).isEqualTo(new Waiting(2, 2, 0, null));
    }

    @Test
    void aHigherLimitAdmitsAsManyMore() {
        claimAll(job("1"), job("2"), job("a"), job("b"), job("c"));
        limits.put(WORKER, 4);

        assertThat(index.changed(WORKER, now)).containsExactly(job("a"), job("b"));
        limits.put(WORKER, Integer.MAX_VALUE);
        assertThat(index.changed(WORKER, now)).containsExactly(job("c"));
    }

    @Test
    void aLowerLimitTakesNoSlotAway() {
        claimAll(job("1"), job("2"), job("a"));
        limits.put(WORKER, 1);

        assertThat(index.changed(WORKER, now)).isEmpty();
        assertThat(claim(job("2"))).isEqualTo(new Admitted(WORKER));
        assertThat(index.leave("1", now)).isEmpty();
        assertThat(claim(job("a"))).isEqualTo(new Waiting(1, 1, 0, null));
        assertThat(index.leave("2", now)).containsExactly(job("a"));
    }

    @Test
    void whileADefinitionCanRunNothingNobodyIsAdmitted() {
        limits.put(WORKER, 0);
        assertThat(claim(job("a"))).isEqualTo(new Waiting(0, 0, 0, null));

        limits.put(WORKER, 2);
        assertThat(index.changed(WORKER, now)).containsExactly(job("a"));
    }

    @Test
    void anOpenAttemptHasASlotThoughNoneIsLeft() {
        claimAll(job("1"), job("2"), job("a"));
        index.hold(WORKER, job("found"), now);
        index.hold(WORKER, job("a"), now);

        assertThat(claim(job("b"))).isEqualTo(new Waiting(4, 2, 0, null));
        assertThat(index.leave("1", now)).isEmpty();
        assertThat(index.leave("2", now)).isEmpty();
        assertThat(index.leave("found", now)).containsExactly(job("b"));
    }

    @Test
    void aJobThatIsServedByAnotherDefinitionGivesUpItsPlace() {
        claimAll(job("1"), job("2"), job("a"));

        AdmissionIndex.Claim claim = index.claim(List.of(new Candidate(OTHER, 0)), job("1"), now);
        assertThat(claim.admission()).isEqualTo(new Admitted(OTHER));
        assertThat(claim.admitted()).containsExactly(job("a"));
    }

    @Test
    void nothingIsLeftOfADefinitionThatNobodyUses() {
        claimAll(job("1"), job("2"), job("a"));
        limits.remove(WORKER);
        index.changed(WORKER, now);
        for (String uid : List.of("a", "1", "2")) {
            index.leave(uid, now);
        }

        assertThat(index.size()).isZero();
        assertThat(index.queued()).isZero();
        assertThat(index.workers()).isZero();
        assertThat(index.changed(OTHER, now)).isEmpty();
        assertThat(index.workers()).isZero();
    }

    @Test
    void aRefusedPodsSlotIsTheNextsAndTheJobWaitsBehindTheOthers() {
        claimAll(job("1"), job("2"), job("a"), job("b"));
        running("1");

        assertThat(index.refused(job("2"), "exceeded quota", now)).containsExactly(job("a"));
        assertThat(claim(job("2"))).isEqualTo(new Waiting(2, 2, 1, null));
        assertThat(index.hold(WORKER, job("a"), now)).as("no slot is free").isEmpty();
        assertThat(index.leave("1", now)).containsExactly(job("b"));
        assertThat(reopening).isEmpty();
    }

    @Test
    void refusalsInARowCloseTheGateForLongerAndLonger() {
        limits.put(WORKER, Integer.MAX_VALUE);
        claimAll(job("a"), job("b"), job("c"), job("d"));

        assertThat(index.refused(job("a"), "exceeded quota", now))
                .as("a had bad luck, perhaps")
                .containsExactly(job("b"));
        assertThat(index.refused(job("b"), "exceeded quota", now)).isEmpty();
        assertThat(reopening).containsExactly(now.plusSeconds(2));
        assertThat(claim(job("e"))).isEqualTo(new Waiting(0, Integer.MAX_VALUE, 2, "exceeded quota"));
        assertThat(index.reopened(WORKER, now.plusSeconds(1))).as("too early").isEmpty();

        now = now.plusSeconds(2);
        assertThat(index.reopened(WORKER, now)).containsExactly(job("c"));
        assertThat(index.reopened(WORKER, now)).as("one at a time").isEmpty();
        reopening.clear();
        assertThat(index.refused(job("c"), "exceeded quota", now)).isEmpty();
        assertThat(reopening).containsExactly(now.plusSeconds(4));
    }

    @Test
    void onceAPodIsLetInOneAfterTheOtherTries() {
        limits.put(WORKER, Integer.MAX_VALUE);
        claimAll(job("a"), job("b"), job("c"));
        index.refused(job("a"), "no", now);
        index.refused(job("b"), "no", now);
        now = now.plusSeconds(2);
        index.reopened(WORKER, now);

        assertThat(index.hold(WORKER, job("c"), now)).containsExactly(job("a"));
        assertThat(index.hold(WORKER, job("a"), now)).containsExactly(job("b"));
        assertThat(index.hold(WORKER, job("b"), now)).isEmpty();
        assertThat(claim(job("d"))).isEqualTo(new Admitted(WORKER));
        assertThat(claim(job("e"))).isEqualTo(new Admitted(WORKER));
    }

    @Test
    void aTryThatIsGivenUpIsTheNexts() {
        limits.put(WORKER, Integer.MAX_VALUE);
        claimAll(job("a"), job("b"), job("c"));
        assertThat(index.refused(job("a"), "no", now)).containsExactly(job("b"));

        assertThat(index.leave("b", now)).containsExactly(job("c"));
    }

    @Test
    void anotherDefinitionIsAnotherPod() {
        limits.put(WORKER, Integer.MAX_VALUE);
        claimAll(job("a"), job("b"));
        index.refused(job("a"), "no", now);
        assertThat(index.refused(job("b"), "no", now)).isEmpty();

        assertThat(index.changed(WORKER, now)).containsExactlyInAnyOrder(job("a"), job("b"));
    }

    @Test
    void anEndedAttemptLetsTheNextTrySoon() {
        claimAll(job("1"), job("2"));
        running("1");
        for (int i = 0; i < 9; i++) {
            index.refused(job("2"), "no", now);
            now = now.plusSeconds(30);
            index.reopened(WORKER, now);
        }
        index.refused(job("2"), "no", now);
        reopening.clear();

        assertThat(index.leave("1", now)).isEmpty();
        assertThat(reopening).containsExactly(now.plusSeconds(1));
    }

    /** Whatever happens in whatever order: no slot too many, none unused while somebody waits, everybody in order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noSlotIsLostOrGivenTwice(long seed) {
        Random random = new Random(seed);
        Map<String, Contender> waiting = new HashMap<>();
        Map<String, Contender> holding = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            Contender job = new Contender(
                    "j" + random.nextInt(200), "ns", "j", random.nextInt(3), START.plusSeconds(random.nextInt(5)));
            List<Contender> admitted = new ArrayList<>();
            switch (random.nextInt(8)) {
                case 0 -> {
                    limits.put(WORKER, random.nextInt(6));
                    admitted.addAll(index.changed(WORKER, now));
                }
                case 1, 2, 3 -> {
                    admitted.addAll(index.leave(job.uid(), now));
                    waiting.remove(job.uid());
                    holding.remove(job.uid());
                }
                default -> {
                    AdmissionIndex.Claim claim = index.claim(List.of(new Candidate(WORKER, 0)), job, now);
                    if (!holding.containsKey(job.uid())) {
                        waiting.put(job.uid(), job);
                    }
                    admitted.addAll(claim.admitted());
                    if (claim.admission() instanceof Admitted && !holding.containsKey(job.uid())) {
                        admitted.add(job);
                    }
                }
            }
            for (Contender next : admitted) {
                assertThat(waiting.remove(next.uid())).isEqualTo(next);
                holding.put(next.uid(), next);
                assertThat(waiting.values()).allMatch(other -> next.compareTo(other) < 0);
                assertThat(holding.size()).isLessThanOrEqualTo(limits.getOrDefault(WORKER, 0));
            }
            assertThat(waiting.isEmpty() || holding.size() >= limits.getOrDefault(WORKER, 0))
                    .isTrue();
            assertThat(index.size()).isEqualTo(waiting.size() + holding.size());
        }
    }

    private static Contender job(String name) {
        return new Contender(name, "ns", name, 0, START);
    }

    private Admission claim(Contender contender) {
        AdmissionIndex.Claim claim = index.claim(List.of(new Candidate(WORKER, 0)), contender, now);
        assertThat(claim.admitted()).isEmpty();
        return claim.admission();
    }

    private void running(String name) {
        assertThat(index.hold(WORKER, job(name), now)).isEmpty();
    }

    private void claimAll(Contender... contenders) {
        for (Contender contender : contenders) {
            claim(contender);
        }
    }

    /** Those who wait, in the order in which they are admitted when jobs 1 and 2, and then they, end one by one. */
    private List<Contender> drained() {
        List<Contender> admitted = new ArrayList<>(index.leave("1", now));
        admitted.addAll(index.leave("2", now));
        for (int i = 0; i < admitted.size(); i++) {
            admitted.addAll(index.leave(admitted.get(i).uid(), now));
        }
        return admitted;
    }
}
