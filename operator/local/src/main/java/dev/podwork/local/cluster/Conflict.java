package dev.podwork.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;

/** A write that is based on an older version of an object than there is. */
final class Conflict {
    private static final int CODE = 409;

    private Conflict() {}

    static boolean between(JsonNode current, JsonNode update) {
        String base = version(update);
        return !base.isEmpty() && !base.equals(version(current));
    }

    static MockResponse response(JsonNode update) {
        String message =
                "Operation cannot be fulfilled on %s \"%s\": the object has been modified; please apply your changes to"
                        + " the latest version and try again";
        return new MockResponse()
                .setResponseCode(CODE)
                .setBody(Serialization.asJson(new StatusBuilder()
                        .withStatus("Failure")
                        .withReason("Conflict")
                        .withCode(CODE)
                        .withMessage(message.formatted(
                                update.path("kind").asText(),
                                update.path("metadata").path("name").asText()))
                        .build()));
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }
}
