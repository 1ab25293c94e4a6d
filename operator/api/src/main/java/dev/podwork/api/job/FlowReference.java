package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Jobs with the same {@code id} are steps of one flow and share its state. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FlowReference(
        @JsonPropertyDescription("Identity of the flow's run. Jobs of a namespace with the same id share state.")
        @Required
        @Size(min = 1, max = 128)
        String id,

        @JsonPropertyDescription("Name of the flow.") @Size(min = 1, max = 253) @Nullable
        String name,

        @JsonPropertyDescription("Name of the step; the job's type or worker when absent.")
        @Size(min = 1, max = 253)
        @Nullable
        String step) {}
