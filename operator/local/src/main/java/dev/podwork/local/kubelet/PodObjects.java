package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ConfigMaps and Secrets that a pod names. */
final class PodObjects {
    private final KubernetesClient client;
    private final String namespace;

    PodObjects(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    Optional<ConfigMap> configMap(String name, boolean optional) {
        ConfigMap configMap =
                client.configMaps().inNamespace(namespace).withName(name).get();
        return present(configMap, "ConfigMap " + name, optional);
    }

    Optional<Secret> secret(String name, boolean optional) {
        Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
        return present(secret, "Secret " + name, optional);
    }

    static Map<String, byte[]> bytes(ConfigMap configMap) {
        Map<String, byte[]> bytes = new LinkedHashMap<>(decoded(configMap.getBinaryData()));
        configMap.getData().forEach((key, value) -> bytes.put(key, value.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }

    static Map<String, byte[]> bytes(Secret secret) {
        return decoded(secret.getData());
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static <T> Optional<T> key(Map<String, T> data, String key, String object, boolean optional) {
        return present(data.get(key), "the key " + key + " of " + object, optional);
    }

    private static Map<String, byte[]> decoded(Map<String, String> base64) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        base64.forEach((key, value) -> bytes.put(key, Base64.getMimeDecoder().decode(value)));
        return bytes;
    }

    private static <T> Optional<T> present(@Nullable T value, String what, boolean optional) {
        if (value == null && !optional) {
            throw new PodStartException(
                    "CreateContainerConfigError", what + " is not there; add it to the manifests that are run");
        }
        return Optional.ofNullable(value);
    }
}
