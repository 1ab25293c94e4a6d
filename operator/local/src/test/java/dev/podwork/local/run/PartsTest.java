package dev.podwork.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.context.stream.StreamPart;
import dev.podwork.core.attempt.AttemptKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PartsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final JobRuns runs =
            new JobRuns(1, new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false, () -> 0), false);

    @Test
    void aTextIsShownWithoutItsQuotesAndALineAtATime() {
        show("\"one\\ntwo \\u001b[2m\"");

        assertThat(shown()).isEqualTo("  0.00s j > one\n  0.00s j two \uFFFD[2m\n");
    }

    @Test
    void otherJsonIsShownAsItIs() {
        show("{\"n\": [1, null]}");

        assertThat(shown()).isEqualTo("  0.00s j > {\"n\": [1, null]}\n");
    }

    @Test
    void anEmptyTextIsNotWorthALine() {
        show("\"\"");

        assertThat(shown()).isEmpty();
    }

    @Test
    void aLongOneIsShortened() {
        show("\"" + "x".repeat(10_000) + "\"");

        assertThat(shown()).hasSizeLessThan(2100).endsWith("x…\n");
    }

    private void show(String chunk) {
        runs.part(new AttemptKey("default", "j", 1, "j-1", "uid"), new StreamPart(1, 0L, chunk, false, null));
    }

    private String shown() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
