package dev.podwork.controller.worker;

import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.ownership.Ownership;
import dev.podwork.core.worker.RevisionHistory;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What definitions' pods were made from before. Nothing is watched: only jobs that ask for a revision by name need an earlier one. */
public final class Revisions {

    private final KubernetesClient client;

    public Revisions(KubernetesClient client) {
        this.client = client;
    }

    /** A definition at a revision, if it is kept. */
    public Optional<WorkerDefinition> find(WorkerDefinition definition, String revision) {
        return Optional.ofNullable(get(definition, RevisionHistory.name(definition, revision)))
                .flatMap(kept -> RevisionHistory.restored(definition, kept));
    }

    /** Keeps what a definition's pods are made from now; throws what is worth trying again. */
    void keep(WorkerDefinition definition) {
        ControllerRevision wanted = RevisionHistory.current(definition);
        ControllerRevision kept = get(definition, wanted.getMetadata().getName());
        if (kept == null) {
            client.resource(wanted).create();
        } else if (!Ownership.isControlledBy(kept, definition) || kept.getRevision() < wanted.getRevision()) {
            // That of a deleted definition of the same name has the same content, and goes with this one from now on.
            client.resource(new ControllerRevisionBuilder(kept)
                            .editMetadata()
                            .withOwnerReferences(wanted.getMetadata().getOwnerReferences())
                            .endMetadata()
                            .withRevision(wanted.getRevision())
                            .build())
                    .update();
        }
    }

    /**
     * Deletes those that nobody is likely to ask for.
     *
     * @param asked whether a job asks for a revision
     * @return the definition at all revisions that are left
     */
    List<WorkerDefinition> sweep(WorkerDefinition definition, Predicate<String> asked) {
        List<ControllerRevision> kept = new ArrayList<>(client.resources(ControllerRevision.class)
                .inNamespace(definition.getMetadata().getNamespace())
                .withLabels(Ownership.labels(definition))
                .list()
                .getItems());
        List<ControllerRevision> superfluous = RevisionHistory.superfluous(definition, kept, asked);
        superfluous.forEach(revision -> client.resource(revision).delete());
        kept.removeAll(superfluous);
        return kept.stream()
                .flatMap(revision -> RevisionHistory.restored(definition, revision).stream())
                .toList();
    }

    private @Nullable ControllerRevision get(WorkerDefinition definition, String name) {
        return client.resources(ControllerRevision.class)
                .inNamespace(definition.getMetadata().getNamespace())
                .withName(name)
                .get();
    }
}
