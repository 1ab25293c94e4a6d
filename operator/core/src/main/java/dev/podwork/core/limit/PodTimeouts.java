package dev.podwork.core.limit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podwork.api.Labels;
import dev.podwork.api.attempt.Timeouts;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** The limits that a pod was made with stand on it: its definition may change, or go, while it runs. */
public final class PodTimeouts {

    private static final JsonMapper JSON = new JsonMapper();

    private PodTimeouts() {}

    public static String text(Timeouts timeouts) {
        try {
            return JSON.writeValueAsString(timeouts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts is JSON", e);
        }
    }

    /** Empty when somebody has taken them away. */
    static Optional<Timeouts> of(Pod pod) {
        String text = pod.getMetadata().getAnnotations() == null
                ? null
                : pod.getMetadata().getAnnotations().get(Labels.TIMEOUTS);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(text, Timeouts.class));
        } catch (JsonProcessingException notOurs) {
            return Optional.empty();
        }
    }
}
