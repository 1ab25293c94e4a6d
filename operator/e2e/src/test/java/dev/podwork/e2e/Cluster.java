package dev.podwork.e2e;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.concurrent.ThreadLocalRandom;

/** The cluster that KUBECONFIG points at. */
final class Cluster {
    static final KubernetesClient CLIENT = new KubernetesClientBuilder().build();

    private Cluster() {}

    /** Makes a namespace that refuses every pod that is not restricted. */
    static String restrictedNamespace(String purpose) {
        String name = "podwork-e2e-" + purpose + "-"
                + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 20), 36);
        CLIENT.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    static void deleteNamespace(String name) {
        CLIENT.namespaces().withName(name).delete();
    }
}
