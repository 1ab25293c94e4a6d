package dev.podwork.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.AttributeSet;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Finds the objects that must go because their last owner went. */
final class Dependents {

    private Dependents() {}

    /**
     * Paths of the objects to delete.
     *
     * @param owner the object that is gone, as JSON
     * @param objects all that are left, as JSON
     */
    static List<String> of(String owner, Map<AttributeSet, String> objects) {
        String uid = uid(parse(owner));
        if (uid.isEmpty()) {
            return List.of();
        }
        return List.copyOf(objects.entrySet()).stream()
                // Most objects do not even mention the owner: no need to parse them.
                .filter(entry -> entry.getValue().contains(uid) && isOrphan(parse(entry.getValue()), uid, objects))
                .map(entry -> path(entry.getKey()))
                .toList();
    }

    private static boolean isOrphan(JsonNode object, String goneUid, Map<AttributeSet, String> objects) {
        List<String> owners = StreamSupport.stream(
                        object.path("metadata").path("ownerReferences").spliterator(), false)
                .map(reference -> reference.path("uid").asText())
                .toList();
        return owners.contains(goneUid) && owners.stream().noneMatch(owner -> exists(owner, objects));
    }

    private static boolean exists(String uid, Map<AttributeSet, String> objects) {
        return List.copyOf(objects.values()).stream()
                .anyMatch(json -> json.contains(uid) && uid(parse(json)).equals(uid));
    }

    private static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }

    private static JsonNode parse(String json) {
        return Serialization.unmarshal(json, JsonNode.class);
    }

    private static String path(AttributeSet key) {
        String group = key.containsKey(KubernetesAttributesExtractor.API)
                ? "/apis/" + value(key, KubernetesAttributesExtractor.API)
                : "/api";
        return "%s/%s/namespaces/%s/%s/%s"
                .formatted(
                        group,
                        value(key, KubernetesAttributesExtractor.VERSION),
                        value(key, KubernetesAttributesExtractor.NAMESPACE),
                        value(key, KubernetesAttributesExtractor.PLURAL),
                        value(key, KubernetesAttributesExtractor.NAME));
    }

    private static String value(AttributeSet key, String attribute) {
        return key.getAttribute(attribute).getValues().get(0).toString();
    }
}
