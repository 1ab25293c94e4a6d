package dev.podwork.api.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "90s,90000",
        "5m,300000",
        "1h30m,5400000",
        "1.5h,5400000",
        "0h1s,1000",
        "250ms,250",
        "1m0.5s,60500",
        "99999h,359996400000"
    })
    void isADuration(String text, long millis) {
        assertThat(GoDuration.parse(text)).hasValue(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0s", "0h0m", "5", "5 m", "-5m", "1d", "m", "30s5m", "100000h", "1e3s", "5M"})
    void isNone(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }
}
