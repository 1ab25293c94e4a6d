package dev.podwork.context.tls;

import dev.podwork.api.Labels;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the identity in a Secret, for all replicas of the operator. */
public final class SecretIdentityStore implements IdentityStore {
    private static final String CA_CERTIFICATE = "ca.crt";
    private static final String CA_KEY = "ca.key";
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    public SecretIdentityStore(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public Optional<Stored> read() {
        return Optional.ofNullable(
                        client.secrets().inNamespace(namespace).withName(name).get())
                .map(secret -> {
                    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
                    return new Stored(
                            new TlsIdentity(
                                    text(data, CA_CERTIFICATE),
                                    text(data, CA_KEY),
                                    text(data, CERTIFICATE),
                                    text(data, KEY)),
                            secret.getMetadata().getResourceVersion());
                });
    }

    @Override
    public boolean write(TlsIdentity identity, @Nullable Stored replaced) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_PODWORK)
                .withResourceVersion(replaced == null ? null : replaced.version())
                .endMetadata()
                .withType("Opaque")
                .addToStringData(CA_CERTIFICATE, identity.caCertificate())
                .addToStringData(CA_KEY, identity.caKey())
                .addToStringData(CERTIFICATE, identity.certificate())
                .addToStringData(KEY, identity.key())
                .build();
        Resource<Secret> resource = client.secrets().resource(secret);
        try {
            if (replaced == null) {
                resource.create();
            } else {
                resource.update();
            }
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static String text(Map<String, String> data, String key) {
        try {
            return new String(Base64.getDecoder().decode(data.getOrDefault(key, "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
