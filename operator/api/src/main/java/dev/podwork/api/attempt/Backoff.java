package dev.podwork.api.attempt;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.podwork.api.Buildable;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How long to wait before another attempt. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.base) || (self.base.matches('" + GoDuration.PARTS + "') && self.base.matches('[1-9]'))",
        message = "spec.retry.backoff.base " + GoDuration.REFUSAL)
@ValidationRule(
        value = "!has(self.max) || (self.max.matches('" + GoDuration.PARTS + "') && self.max.matches('[1-9]'))",
        message = "spec.retry.backoff.max " + GoDuration.REFUSAL)
@Buildable
public record Backoff(
        @JsonPropertyDescription("Exponential when absent.") @Nullable
        BackoffType type,

        @JsonPropertyDescription("The first wait; 1s when absent.") @Size(max = GoDuration.MAX_LENGTH) @Nullable
        String base,

        @JsonPropertyDescription("How many times longer each wait is than the one before; 2 when absent.")
        @Min(1)
        @Max(100)
        @Nullable
        Double factor,

        @JsonPropertyDescription("The longest wait; 5m when absent.") @Size(max = GoDuration.MAX_LENGTH) @Nullable
        String max,

        @JsonPropertyDescription("Up to which part of itself a wait is shortened by chance, 0 to 1; 0.1 when absent.")
        @Min(0)
        @Max(1)
        @Nullable
        Double jitter)
        implements BackoffBuilder.With {}
