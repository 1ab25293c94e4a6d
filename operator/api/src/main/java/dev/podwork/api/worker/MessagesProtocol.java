package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What a worker is told that is a loop over requests. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MessagesProtocol(
        @JsonPropertyDescription("The plugin that all jobs are for; when absent, jobs say it, or their type does.")
        @Size(min = 1, max = 253)
        @Nullable
        String plugin) {}
