package dev.podwork.context.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.Labels;
import dev.podwork.protocol.Json;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMap of a scope, as it is or is to be.
 *
 * @param version null when it is not there yet
 * @param owners the jobs that used it, by UID, the oldest first; it goes with the last of them
 */
record StateObject(@Nullable String version, Map<String, Entry> entries, Map<String, OwnerReference> owners) {
    static final String SCOPE = Labels.GROUP + "/state-scope";

    private static final String NAME_PREFIX = "podwork-state-";
    private static final Pattern READABLE_KEY = Pattern.compile("[-._a-zA-Z0-9]{1,200}");
    private static final int MAX_OWNERS = 500;

    static StateObject absent() {
        return new StateObject(null, Map.of(), Map.of());
    }

    static String name(StateScope scope) {
        return NAME_PREFIX + hash(scope.id()).substring(0, 32);
    }

    /** Whether an object of the scope's name is the scope's. */
    static boolean isOf(StateScope scope, ConfigMap map) {
        Map<String, String> annotations = map.getMetadata().getAnnotations();
        return annotations != null && scope.id().equals(annotations.get(SCOPE));
    }

    static StateObject of(ConfigMap map) {
        Map<String, Entry> entries = new HashMap<>();
        Map<String, String> data = map.getData() == null ? Map.of() : map.getData();
        data.values().forEach(text -> readInto(entries, text));
        Map<String, OwnerReference> owners = new LinkedHashMap<>();
        map.getMetadata().getOwnerReferences().forEach(owner -> owners.put(owner.getUid(), owner));
        return new StateObject(map.getMetadata().getResourceVersion(), entries, owners);
    }

    private static void readInto(Map<String, Entry> entries, String text) {
        try {
            JsonNode record = Json.mapper().readTree(text);
            String key = record.path("key").asText("");
            String json = Json.write(record.path("value"));
            JsonNode expiry = record.path("expiresAt");
            if (record.has("value") && !key.isEmpty()) {
                entries.put(
                        key,
                        new Entry(
                                json,
                                Json.size(json) + Json.size(key),
                                expiry.isIntegralNumber() ? (Long) expiry.longValue() : null));
            }
        } catch (JsonProcessingException e) {
            // Somebody edited it by hand: what can't be read is not there.
        }
    }

    ConfigMap toConfigMap(StateScope scope) {
        Map<String, String> data = new LinkedHashMap<>();
        entries.forEach((key, entry) -> data.put(dataKey(key), text(key, entry)));
        List<OwnerReference> latest = owners.values().stream()
                .skip(Math.max(0, owners.size() - MAX_OWNERS))
                .toList();
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(scope.namespace())
                .withName(name(scope))
                .withResourceVersion(version)
                .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_PODWORK)
                .addToAnnotations(SCOPE, scope.id())
                .withOwnerReferences(latest)
                .endMetadata()
                .withData(data)
                .build();
    }

    private static String text(String key, Entry entry) {
        // The value's JSON goes in as it is.
        ObjectNode head = Json.mapper().createObjectNode().put("key", key);
        if (entry.expiresAt() != null) {
            head.put("expiresAt", entry.expiresAt());
        }
        String start = Json.write(head);
        return start.substring(0, start.length() - 1) + ",\"value\":" + entry.json() + '}';
    }

    /** Keys of ConfigMaps have few characters: people see theirs where it has no others. */
    private static String dataKey(String key) {
        return READABLE_KEY.matcher(key).matches() ? "key." + key : "hash." + hash(key);
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
