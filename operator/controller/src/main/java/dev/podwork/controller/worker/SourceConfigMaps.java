package dev.podwork.controller.worker;

import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.ownership.Ownership;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ConfigMaps that deliver code, the users' and our own. Only definitions that change ask for them, so nothing is watched. */
final class SourceConfigMaps {

    /** A job that was decided upon just before its definition changed may create its pod just after. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final KubernetesClient client;
    private final Function<WorkerDefinition, Set<String>> inUse;
    private final Map<String, Instant> supersededSince = new ConcurrentHashMap<>();

    /** @param inUse names of the ConfigMaps that a definition's running pods have mounted */
    SourceConfigMaps(KubernetesClient client, Function<WorkerDefinition, Set<String>> inUse) {
        this.client = client;
        this.inUse = inUse;
    }

    /** Keys of a user's own ConfigMap; null when there is none of that name. */
    @Nullable
    Set<String> keys(String namespace, String name) {
        ConfigMap configMap =
                client.configMaps().inNamespace(namespace).withName(name).get();
        return configMap == null
                ? null
                : Stream.of(configMap.getData(), configMap.getBinaryData())
                        .filter(entries -> entries != null)
                        .flatMap(entries -> entries.keySet().stream())
                        .collect(Collectors.toSet());
    }

    /** Makes sure that a ConfigMap of ours is there; throws what is worth trying again. */
    void ensure(ConfigMap wanted) {
        try {
            client.resource(wanted).create();
        } catch (KubernetesClientException e) {
            // One of a definition of the same name that was deleted is about to be collected: not this one's.
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
                    || !isOwnedAlike(client.resource(wanted).get(), wanted)) {
                throw e;
            }
        }
    }

    /**
     * Deletes those with earlier code that nobody needs any more.
     *
     * @param needed names of those that pods may yet be made with
     * @return when to look again; empty when none is left
     */
    Optional<Instant> sweep(WorkerDefinition definition, Set<String> needed, Instant now) {
        List<ConfigMap> superseded = client
                .configMaps()
                .inNamespace(definition.getMetadata().getNamespace())
                .withLabels(Ownership.labels(definition))
                .list()
                .getItems()
                .stream()
                .filter(configMap -> Ownership.isControlledBy(configMap, definition))
                .filter(configMap -> !needed.contains(configMap.getMetadata().getName()))
                .toList();
        Set<String> used = inUse.apply(definition);
        boolean left = false;
        for (ConfigMap configMap : superseded) {
            String uid = configMap.getMetadata().getUid();
            Instant since = supersededSince.computeIfAbsent(uid, first -> now);
            if (used.contains(configMap.getMetadata().getName()) || now.isBefore(since.plus(KEPT))) {
                left = true;
            } else {
                client.resource(configMap).delete();
                supersededSince.remove(uid);
            }
        }
        return left ? Optional.of(now.plus(KEPT)) : Optional.empty();
    }

    private static boolean isOwnedAlike(@Nullable ConfigMap existing, ConfigMap wanted) {
        return existing != null
                && existing.getMetadata()
                        .getOwnerReferences()
                        .equals(wanted.getMetadata().getOwnerReferences());
    }
}
