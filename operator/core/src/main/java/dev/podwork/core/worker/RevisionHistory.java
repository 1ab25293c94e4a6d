package dev.podwork.core.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podwork.api.Labels;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerDefinitionStatus;
import dev.podwork.core.ownership.Ownership;
import dev.podwork.core.source.SourceConfigMap;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.api.model.runtime.RawExtension;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a definition's pods were made from, revision by revision, for jobs that ask for one that is not current any more. Kept as
 * StatefulSets and DaemonSets keep theirs: one ControllerRevision each, whose {@code revision} is the definition's generation when it
 * last had this content.
 */
public final class RevisionHistory {

    /** How many are kept besides the current one and those that jobs ask for. */
    public static final int KEPT = 10;

    private static final String SPEC = "spec";
    private static final JsonMapper JSON = new JsonMapper();

    private RevisionHistory() {}

    /** Name of the object that keeps a definition's revision. */
    public static String name(WorkerDefinition definition, String revision) {
        return definition.getMetadata().getName() + "-" + revision;
    }

    /** The object that keeps what a definition's pods are made from now. */
    public static ControllerRevision current(WorkerDefinition definition) {
        String revision = WorkerRevision.of(definition.getSpec());
        return new ControllerRevisionBuilder()
                .withNewMetadata()
                .withName(name(definition, revision))
                .withNamespace(definition.getMetadata().getNamespace())
                .withLabels(Ownership.labels(definition))
                .addToLabels(Labels.WORKER_REVISION, revision)
                .withOwnerReferences(Ownership.controlling(definition))
                .endMetadata()
                .withData(new RawExtension(
                        Map.of(SPEC, JSON.convertValue(WorkerRevision.content(definition.getSpec()), JsonNode.class))))
                .withRevision(definition.getMetadata().getGeneration())
                .build();
    }

    /**
     * A definition as it was at a kept revision: what pods are made from is of then; whether it is ready, limits, retries and the
     * like are of now.
     *
     * @return empty when the revision is not this definition's, or is not what its name says
     */
    public static Optional<WorkerDefinition> restored(WorkerDefinition now, ControllerRevision kept) {
        Optional<WorkerDefinitionSpec> content = content(kept);
        if (now.getSpec() == null || content.isEmpty() || !Ownership.isControlledBy(kept, now)) {
            return Optional.empty();
        }
        WorkerDefinition then = new WorkerDefinition();
        then.setMetadata(now.getMetadata());
        then.setSpec(WorkerRevision.with(now.getSpec(), content.get()));
        String revision = WorkerRevision.of(then.getSpec());
        if (!kept.getMetadata().getName().equals(name(now, revision))) {
            return Optional.empty();
        }
        WorkerDefinitionStatus status = now.getStatus();
        then.setStatus(new WorkerDefinitionStatus(
                status == null ? null : status.observedGeneration(),
                SourceConfigMap.of(then)
                        .map(source -> source.getMetadata().getName())
                        .orElse(null),
                status == null ? List.of() : status.conditions(),
                revision));
        return Optional.of(then);
    }

    /**
     * Those that nobody is likely to ask for any more.
     *
     * @param asked whether a job asks for a revision
     */
    public static List<ControllerRevision> superfluous(
            WorkerDefinition definition, Collection<ControllerRevision> kept, Predicate<String> asked) {
        String current = name(definition, WorkerRevision.of(definition.getSpec()));
        return kept.stream()
                .filter(revision -> Ownership.isControlledBy(revision, definition))
                .filter(revision -> !revision.getMetadata().getName().equals(current))
                .sorted(Comparator.comparing(ControllerRevision::getRevision).reversed())
                .skip(KEPT)
                .filter(revision ->
                        !asked.test(revision.getMetadata().getLabels().get(Labels.WORKER_REVISION)))
                .toList();
    }

    /** Whoever may write ControllerRevisions may have written anything. */
    private static Optional<WorkerDefinitionSpec> content(ControllerRevision kept) {
        try {
            JsonNode data = JSON.convertValue(kept.getData(), JsonNode.class);
            return data == null
                    ? Optional.empty()
                    : Optional.ofNullable(JSON.convertValue(data.get(SPEC), WorkerDefinitionSpec.class));
        } catch (IllegalArgumentException notADefinition) {
            return Optional.empty();
        }
    }
}
