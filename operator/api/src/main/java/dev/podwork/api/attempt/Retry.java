package dev.podwork.api.attempt;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.podwork.api.Buildable;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a failed attempt is followed by another, in a new pod. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Buildable
public record Retry(
        @JsonPropertyDescription("How many attempts there are in all; 1 when absent.") @Min(1) @Max(100) @Nullable
        Integer attempts,

        @JsonPropertyDescription(
                "How many more attempts there are when a pod was deleted, evicted or lost. When absent, 3 for a pod whose "
                        + "worker never had the job, which can't run twice then, and none for others.")
        @Min(0)
        @Max(100)
        @Nullable
        Integer infrastructureRetries,

        @JsonPropertyDescription("How long to wait before another attempt.") @Nullable
        Backoff backoff,

        @JsonPropertyDescription("What to do about which failure; the first rule that applies decides.") @Size(max = 32)
        List<RetryRule> rules)
        implements RetryBuilder.With {

    public static final Retry NONE = RetryBuilder.builder().build();

    public Retry {
        rules = rules == null ? List.of() : List.copyOf(rules);
    }

    /** This, and where it says nothing, the other. */
    public Retry or(@Nullable Retry other) {
        return other == null
                ? this
                : new Retry(
                        attempts == null ? other.attempts : attempts,
                        infrastructureRetries == null ? other.infrastructureRetries : infrastructureRetries,
                        backoff == null ? other.backoff : backoff,
                        rules.isEmpty() ? other.rules : rules);
    }
}
