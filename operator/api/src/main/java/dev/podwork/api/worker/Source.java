package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where a worker's code comes from. Delivered code is mounted read-only at {@link #MOUNT_PATH}, which is then the working directory. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "!(has(self.inline) && has(self.configMap))", message = Refusals.SOURCE_TWICE)
@ValidationRule(value = "has(self.inline) || has(self.file)", message = Refusals.FILE_MISSING)
@ValidationRule(
        value = "!has(self.file) || !(has(self.inline) || has(self.configMap))"
                + " || (self.file.matches('^[-._a-zA-Z0-9]+$') && self.file != '.' && !self.file.startsWith('..'))",
        message = Refusals.FILE_NOT_PLAIN)
public record Source(
        @JsonPropertyDescription("The worker's code itself.") @Size(min = 1, max = 524288) @Nullable
        String inline,

        @JsonPropertyDescription("A ConfigMap of the same namespace; each of its keys becomes a file.") @Nullable
        ConfigMapSource configMap,

        @JsonPropertyDescription(
                "The file that holds the handler. For inline code its name (default worker.py or worker.mjs; .ts is fine); for a"
                        + " ConfigMap the key; otherwise a path in the image, relative to its working directory.")
        @Size(min = 1, max = 253)
        @Nullable
        String file) {

    public static final String MOUNT_PATH = "/worker";
}
