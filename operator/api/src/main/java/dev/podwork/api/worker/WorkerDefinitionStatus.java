package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.podwork.api.Buildable;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether jobs can run with this definition, and if not why. */
@JsonClassDescription("Whether jobs can run with this definition, and if not why; the operator alone writes it.")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Buildable
public record WorkerDefinitionStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The ConfigMap that delivers spec.source.inline.") @Nullable
        String sourceConfigMap,

        @JsonPropertyDescription("Ready: whether jobs can run with this definition, and if not what to change.")
        List<Condition> conditions,

        @JsonPropertyDescription(
                "Identity of all that the definition's pods are made from: the same for the same content.")
        @Nullable
        String revision)
        implements WorkerDefinitionStatusBuilder.With {

    public WorkerDefinitionStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
