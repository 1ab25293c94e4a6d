package dev.podwork.context.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.core.attempt.AttemptKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class StreamBufferTest {
    private static final AttemptKey KEY = new AttemptKey("ns", "j", 1, "j-1", "uid");

    private final List<Long> shown = new ArrayList<>();
    private final List<CompletableFuture<Void>> open = new ArrayList<>();
    private final StreamBuffer slow = new StreamBuffer(
            KEY,
            (attempt, part) -> {
                shown.add(part.sequence());
                CompletableFuture<Void> taken = new CompletableFuture<>();
                open.add(taken);
                return taken;
            },
            Runnable::run);

    @Test
    void partsComeInOrderAndOneAtATime() {
        add(slow, 3, 10);
        add(slow, 4, 10);
        add(slow, 9, 10);
        assertThat(shown).containsExactly(3L);
        takeNext();
        assertThat(shown).containsExactly(3L, 4L);
        takeNext();
        takeNext();
        assertThat(shown).containsExactly(3L, 4L, 9L);
        assertThat(slow.size()).isZero();
    }

    @Test
    void whatComesAgainIsNotShownAgain() {
        StreamBuffer buffer = fast();
        add(buffer, 1, 10);
        add(buffer, 2, 10);
        add(buffer, 1, 10);
        add(buffer, 2, 10);
        add(buffer, 3, 10);
        assertThat(shown).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whoIsSlowMakesTheWorkerWait() {
        int half = StreamBuffer.LIMIT / 2;
        assertThat(add(slow, 1, half)).isDone();
        assertThat(add(slow, 2, half)).isDone();
        CompletionStage<Void> third = add(slow, 3, half);
        assertThat(third).isNotDone();
        assertThat(add(slow, 3, half)).isSameAs(third);
        takeNext();
        assertThat(third).isDone();
        assertThat(add(slow, 4, 1)).isNotDone();
    }

    @Test
    void onePartMayExceedTheLimit() {
        StreamBuffer buffer = fast();
        assertThat(add(buffer, 1, 16 * StreamBuffer.LIMIT)).isDone();
        assertThat(buffer.size()).isZero();
    }

    @Test
    void aSinkThatFailsHoldsNothingUp() {
        StreamBuffer buffer = new StreamBuffer(
                KEY,
                (attempt, part) -> {
                    shown.add(part.sequence());
                    if (part.sequence() == 1) {
                        throw new IllegalStateException("of this test");
                    }
                    return CompletableFuture.failedFuture(new IllegalStateException("of this test"));
                },
                Runnable::run);
        assertThat(add(buffer, 1, 1)).isDone();
        assertThat(add(buffer, 2, 1)).isDone();
        assertThat(add(buffer, 3, 1)).isDone();
        assertThat(shown).containsExactly(1L, 2L, 3L);
    }

    @Test
    void thousandsOfPartsTakeNoStack() {
        for (int sequence = 1; sequence <= 100_000; sequence++) {
            add(slow, sequence, 1);
        }
        while (!open.isEmpty()) {
            takeNext();
        }
        assertThat(shown).hasSize(100_000);
    }

    private StreamBuffer fast() {
        return new StreamBuffer(
                KEY,
                (attempt, part) -> {
                    shown.add(part.sequence());
                    return CompletableFuture.completedFuture(null);
                },
                Runnable::run);
    }

    private static CompletionStage<Void> add(StreamBuffer buffer, long sequence, int length) {
        return buffer.add(new StreamPart(sequence, null, "x".repeat(length), false, null));
    }

    private void takeNext() {
        open.remove(0).complete(null);
    }
}
