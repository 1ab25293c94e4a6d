package dev.podwork.controller.pod;

import dev.podwork.api.job.Job;
import dev.podwork.core.job.PodCreation;
import dev.podwork.core.ownership.Ownership;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Set;

/** Creates pods. Their names are deterministic, so the API server itself sees to it that none is made twice. */
public final class PodCreator {

    private static final int UNPROCESSABLE = 422;
    private static final Set<Integer> REFUSALS =
            Set.of(HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE);

    private final KubernetesClient client;
    private final Pods pods;

    public PodCreator(KubernetesClient client, Pods pods) {
        this.client = client;
        this.pods = pods;
    }

    /** Throws what is worth trying again as it is. */
    public PodCreation create(Job job, Pod pod) {
        try {
            return created(client.resource(pod).create());
        } catch (KubernetesClientException refusal) {
            if (refusal.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return existing(job, pod, refusal);
            }
            if (REFUSALS.contains(refusal.getCode())) {
                return new PodCreation.Refused(words(refusal));
            }
            throw refusal;
        }
    }

    private PodCreation existing(Job job, Pod wanted, KubernetesClientException conflict) {
        String name = wanted.getMetadata().getName();
        // Also a quota that others change at the same moment is a 409; then there is no pod, and the next try may do.
        Pod existing = pods.read(wanted.getMetadata().getNamespace(), name).orElseThrow(() -> conflict);
        return Ownership.isControlledBy(existing, job)
                ? created(existing)
                : new PodCreation.Conflict(
                        "Pod %s exists already and belongs to %s; the job waits until it is gone: delete it, or name the job otherwise"
                                .formatted(name, owner(existing)));
    }

    private PodCreation created(Pod pod) {
        pods.created(pod);
        return new PodCreation.Created(pod);
    }

    private static String owner(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst()
                .map(PodCreator::described)
                .orElse("nobody");
    }

    private static String described(OwnerReference owner) {
        return "%s %s (uid %s)".formatted(owner.getKind(), owner.getName(), owner.getUid());
    }

    private static String words(KubernetesClientException refusal) {
        boolean told = refusal.getStatus() != null && refusal.getStatus().getMessage() != null;
        return "The API server refused the pod: "
                + (told ? refusal.getStatus().getMessage() : String.valueOf(refusal.getMessage()));
    }
}
