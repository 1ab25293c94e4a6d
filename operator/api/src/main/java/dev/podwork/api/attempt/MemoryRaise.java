package dev.podwork.api.attempt;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How much more memory the next attempts get. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.factor) || (self.factor > 1.0 && self.factor <= 100.0)",
        message =
                "raiseMemory.factor of spec.retry.rules must be above 1 and at most 100; correct it, or remove it for 2")
@ValidationRule(
        value = "isQuantity(self.max) && quantity(self.max).isGreaterThan(quantity('0'))",
        message = "raiseMemory.max of spec.retry.rules must be a quantity above 0 such as 512Mi or 4Gi; correct it")
public record MemoryRaise(
        @JsonPropertyDescription("How many times more than the attempt that failed had; 2 when absent.") @Nullable
        Double factor,

        @JsonPropertyDescription("Never more than this, such as 4Gi.") @Required @Size(max = 32)
        String max) {}
