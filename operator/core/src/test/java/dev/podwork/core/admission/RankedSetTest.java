package dev.podwork.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankedSetTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void doesWhatASortedSetDoes(long seed) {
        Random random = new Random(seed);
        RankedSet<Integer> set = new RankedSet<>();
        TreeSet<Integer> expected = new TreeSet<>();
        for (int i = 0; i < 5_000; i++) {
            Integer element = random.nextInt(500);
            if (random.nextBoolean()) {
                assertThat(set.add(element)).isEqualTo(expected.add(element));
            } else {
                assertThat(set.remove(element)).isEqualTo(expected.remove(element));
            }
            Integer any = random.nextInt(500);
            assertThat(set.contains(any)).isEqualTo(expected.contains(any));
            assertThat(set.before(any)).isEqualTo(expected.headSet(any).size());
            assertThat(set.size()).isEqualTo(expected.size());
            assertThat(set.first().orElse(-1)).isEqualTo(expected.isEmpty() ? -1 : expected.first());
        }
    }

    /** A number that counts how often it is compared. */
    private record Counted(int number, AtomicLong comparisons) implements Comparable<Counted> {
        @Override
        public int compareTo(Counted other) {
            comparisons.incrementAndGet();
            return Integer.compare(number, other.number);
        }
    }

    @Test
    void aHundredThousandElementsTakeAFewDozenComparisonsEach() {
        AtomicLong comparisons = new AtomicLong();
        RankedSet<Counted> set = new RankedSet<>();
        for (int i = 0; i < 100_000; i++) {
            set.add(new Counted(i, comparisons));
        }
        comparisons.set(0);
        for (int i = 0; i < 1000; i++) {
            set.before(new Counted(i * 100, comparisons));
            set.remove(set.first().orElseThrow());
            set.add(new Counted(1_000_000 + i, comparisons));
        }
        assertThat(comparisons.get() / 1000)
                .as("comparisons for a rank, an end and an entry")
                .isLessThan(250);
    }

    /** Were it a list in disguise, this would overflow the stack, or take minutes. */
    @Test
    void ascendingElementsKeepItFlat() {
        RankedSet<Integer> set = new RankedSet<>();
        for (int i = 0; i < 200_000; i++) {
            set.add(i);
        }
        for (int i = 0; i < 200_000; i++) {
            assertThat(set.before(i + 1)).isEqualTo(1);
            set.remove(set.first().orElseThrow());
        }
        assertThat(set.isEmpty()).isTrue();
    }
}
