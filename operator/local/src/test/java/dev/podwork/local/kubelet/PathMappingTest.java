package dev.podwork.local.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathMappingTest {
    private final PathMapping mapping = new PathMapping(Map.of(
            "/worker", Path.of("/t/w"),
            "/worker/data/", Path.of("/t/d"),
            "/podwork", Path.of("/t/p"),
            "/podwork-relay", Path.of("/t/relay")));

    @ParameterizedTest
    @CsvSource({
        "/worker, /t/w",
        "/worker/main.py, /t/w/main.py",
        "/worker/data/x, /t/d/x",
        "/worker/database, /t/w/database",
        "/podwork-relay, /t/relay",
        "/podwork/podwork-relay, /t/p/podwork-relay",
        "--file=/worker/a, --file=/t/w/a",
        "/worker/lib:/podwork:/usr/lib, /t/w/lib:/t/p:/usr/lib",
        "cat /worker/a '/worker/b', cat /t/w/a '/t/w/b'",
        "file:///worker/a.mjs, file:///t/w/a.mjs",
    })
    void pathsAreReplaced(String text, String expected) {
        assertThat(mapping.translate(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/workers",
        "/worker.py",
        "/home/worker/a",
        "https://example.com/worker/a",
        "./worker",
        "~/worker",
        "worker"
    })
    void otherTextStays(String text) {
        assertThat(mapping.translate(text)).isEqualTo(text);
    }

    @Test
    void nothingMappedIsNothingChanged() {
        assertThat(new PathMapping(Map.of()).translate("/worker")).isEqualTo("/worker");
    }
}
