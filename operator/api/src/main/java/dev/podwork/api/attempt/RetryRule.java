package dev.podwork.api.attempt;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.podwork.api.Buildable;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what to do about failures of a kind: all that it names must apply, and of each list one. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "(has(self.exitCodes) && self.exitCodes.size() > 0) || (has(self.classes) && self.classes.size() > 0)"
                + " || (has(self.errorTypes) && self.errorTypes.size() > 0)"
                + " || (has(self.messagePattern) && self.messagePattern != '')",
        message =
                "each of spec.retry.rules must say which failures it is for; give it exitCodes, classes, errorTypes or"
                        + " messagePattern")
@ValidationRule(
        value = "!has(self.exitCodes) || self.exitCodes.all(c, c >= 0 && c <= 255)",
        message = "exitCodes of spec.retry.rules are from 0 to 255, and no process ends with another; correct them")
@ValidationRule(
        value = "!has(self.messagePattern) || (''.matches(self.messagePattern) ? true : true)",
        message = "messagePattern of spec.retry.rules must be a regular expression (RE2); correct it")
@ValidationRule(
        value = "!has(self.raiseMemory) || self.action != 'Fail'",
        message =
                "raiseMemory of spec.retry.rules can't go with action Fail, because no attempt follows; use Retry or Ignore")
@ValidationRule(
        value =
                "!has(self.raiseMemory) || (has(self.classes) && self.classes.all(c, c == 'OutOfMemory') && self.classes.size() > 0)",
        message =
                "raiseMemory of spec.retry.rules helps only after OutOfMemory; set classes: [OutOfMemory] in that rule")
@Buildable
public record RetryRule(
        @JsonPropertyDescription("Exit codes of the worker's process.") @Size(max = 256)
        List<Integer> exitCodes,

        @JsonPropertyDescription("Whose failure it was.") @Size(max = 6)
        List<FailureClass> classes,

        @JsonPropertyDescription("Types of the worker's error, such as ValueError.") @Size(max = 64)
        List<@Size(max = 253) String> errorTypes,

        @JsonPropertyDescription("Regular expression (RE2) that is found in the failure's message.")
        @Size(max = 1024)
        @Nullable
        String messagePattern,

        @JsonPropertyDescription("Retry, Fail, or Ignore: another attempt, and the failed one does not count.")
        @Required
        RetryAction action,

        @JsonPropertyDescription("How much more memory the next attempts get, after OutOfMemory.") @Nullable
        MemoryRaise raiseMemory)
        implements RetryRuleBuilder.With {

    public RetryRule {
        exitCodes = exitCodes == null ? List.of() : List.copyOf(exitCodes);
        classes = classes == null ? List.of() : List.copyOf(classes);
        errorTypes = errorTypes == null ? List.of() : List.copyOf(errorTypes);
    }
}
