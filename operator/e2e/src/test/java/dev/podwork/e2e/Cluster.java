package dev.podwork.e2e;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The cluster that KUBECONFIG points at. */
final class Cluster {
    static final KubernetesClient CLIENT =
            new KubernetesClientBuilder().withConfig(config()).build();

    private Cluster() {}

    private static Config config() {
        Config config = Config.autoConfigure(null);
        if (isPkcs8EcKey(config.getClientKeyData())) {
            // The client takes a key in this form for RSA, and refuses it.
            config.setClientKeyAlgo("EC");
        }
        return config;
    }

    private static boolean isPkcs8EcKey(@Nullable String data) {
        if (data == null) {
            return false;
        }
        String pem = new String(Base64.getMimeDecoder().decode(data), StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        try {
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

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
