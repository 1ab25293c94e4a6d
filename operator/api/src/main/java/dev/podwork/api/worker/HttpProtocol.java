package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How a worker is asked that is an HTTP server. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.healthPath) || self.healthPath.matches('^/[^ \\\\s#]*$')",
        message = Refusals.HEALTH_PATH)
public record HttpProtocol(
        @JsonPropertyDescription("The path that is answered with 200 once the server is ready; /health when absent.")
        @Size(max = 1024)
        @Nullable
        String healthPath,

        @JsonPropertyDescription(
                "Whether results come in parts, by POST /execute_stream; a Job's spec.stream overrides it.")
        @Nullable
        Boolean stream) {}
