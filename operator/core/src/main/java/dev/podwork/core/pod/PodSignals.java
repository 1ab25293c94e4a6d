package dev.podwork.core.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that decisions read of a pod's state. While it stays equal, a change of the pod is no news. */
public record PodSignals(
        @Nullable String node,
        @Nullable String phase,
        Optional<PodTrouble> trouble,
        Optional<String> loss,
        Optional<Instant> presumedGone,
        Optional<PodEnd> end) {

    public static PodSignals of(Pod pod) {
        return new PodSignals(
                pod.getSpec() == null ? null : pod.getSpec().getNodeName(),
                ContainerStates.status(pod).getPhase(),
                PodTrouble.of(pod),
                PodLoss.reason(pod),
                PodLoss.presumedGone(pod),
                PodEnd.of(pod));
    }

    /** Names of the ConfigMaps that deliver code to the pod. */
    public static List<String> sourceConfigMaps(Pod pod) {
        return pod.getSpec().getVolumes().stream()
                .filter(volume -> PodTemplate.SOURCE_VOLUME.equals(volume.getName()))
                .flatMap(volume -> Optional.ofNullable(volume.getConfigMap()).stream())
                .map(configMap -> configMap.getName())
                .toList();
    }
}
