package dev.podwork.local.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;

/** What is filled in when an object is created. */
final class CreateAdmission {
    private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int NAME_SUFFIX = 5;
    private static final int GRACE_SECONDS = 30;

    private final String nodeName;
    private final SecureRandom random = new SecureRandom();

    /** @param nodeName the one node, on which every pod is placed */
    CreateAdmission(String nodeName) {
        this.nodeName = nodeName;
    }

    void admit(ObjectNode object) {
        ObjectNode metadata = object.withObjectProperty("metadata");
        String prefix = metadata.path("generateName").asText();
        if (!prefix.isEmpty() && metadata.path("name").asText().isEmpty()) {
            metadata.put("name", prefix + suffix());
        }
        if (object.path("kind").asText().equals("Pod")) {
            metadata.withArrayProperty("finalizers").add(EmbeddedApiServer.KUBELET_FINALIZER);
            ObjectNode spec = object.withObjectProperty("spec");
            spec.put("nodeName", nodeName);
            if (!spec.has("terminationGracePeriodSeconds")) {
                spec.put("terminationGracePeriodSeconds", GRACE_SECONDS);
            }
            object.putObject("status").put("phase", "Pending");
        }
    }

    private String suffix() {
        StringBuilder suffix = new StringBuilder();
        random.ints(NAME_SUFFIX, 0, NAME_LETTERS.length()).forEach(i -> suffix.append(NAME_LETTERS.charAt(i)));
        return suffix.toString();
    }
}
