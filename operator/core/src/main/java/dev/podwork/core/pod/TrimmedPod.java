package dev.podwork.core.pod;

import dev.podwork.api.Labels;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A pod without what decisions never read: with thousands of pods in memory, that is most of them. */
public final class TrimmedPod {

    private static final Set<String> CONDITIONS = Set.of("PodScheduled", "DisruptionTarget");

    private static final Set<String> ANNOTATIONS = Set.of(Labels.TIMEOUTS, Labels.RAISED_MEMORY);

    private TrimmedPod() {}

    public static Pod of(Pod pod) {
        PodBuilder trimmed = new PodBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(pod.getMetadata().getName())
                        .withNamespace(pod.getMetadata().getNamespace())
                        .withUid(pod.getMetadata().getUid())
                        .withResourceVersion(pod.getMetadata().getResourceVersion())
                        .withCreationTimestamp(pod.getMetadata().getCreationTimestamp())
                        .withDeletionTimestamp(pod.getMetadata().getDeletionTimestamp())
                        .withLabels(pod.getMetadata().getLabels())
                        .withAnnotations(annotations(pod))
                        .withOwnerReferences(pod.getMetadata().getOwnerReferences())
                        .build());
        if (pod.getSpec() != null) {
            trimmed.withNewSpec()
                    .withNodeName(pod.getSpec().getNodeName())
                    .withActiveDeadlineSeconds(pod.getSpec().getActiveDeadlineSeconds())
                    .withTerminationGracePeriodSeconds(pod.getSpec().getTerminationGracePeriodSeconds())
                    .withVolumes(pod.getSpec().getVolumes().stream()
                            .filter(volume -> PodTemplate.SOURCE_VOLUME.equals(volume.getName()))
                            .toList())
                    .endSpec();
        }
        if (pod.getStatus() != null) {
            trimmed.withStatus(new PodStatusBuilder()
                    .withPhase(pod.getStatus().getPhase())
                    .withReason(pod.getStatus().getReason())
                    .withMessage(pod.getStatus().getMessage())
                    .withConditions(pod.getStatus().getConditions().stream()
                            .filter(condition -> CONDITIONS.contains(condition.getType()))
                            .toList())
                    .withInitContainerStatuses(states(pod.getStatus().getInitContainerStatuses()))
                    .withContainerStatuses(states(pod.getStatus().getContainerStatuses()))
                    .build());
        }
        return trimmed.build();
    }

    private static Map<String, String> annotations(Pod pod) {
        Map<String, String> all = pod.getMetadata().getAnnotations();
        Map<String, String> kept = new TreeMap<>(all == null ? Map.of() : all);
        kept.keySet().retainAll(ANNOTATIONS);
        return kept;
    }

    private static boolean isWaiting(ContainerStatus status) {
        return status.getState() != null && status.getState().getWaiting() != null;
    }

    private static List<ContainerStatus> states(List<ContainerStatus> statuses) {
        return statuses.stream()
                .map(status -> new ContainerStatusBuilder()
                        .withName(status.getName())
                        .withState(status.getState())
                        .withImage(isWaiting(status) ? status.getImage() : null)
                        .build())
                .toList();
    }
}
