package dev.podwork.local.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/**
 * One document of a manifest file.
 *
 * @param directory the folder of its file, against which a worker's files are looked up
 */
public record Manifest(Location location, Path directory, ObjectNode content) {

    public String kind() {
        return content.path("kind").asText();
    }

    public String name() {
        return content.path("metadata").path("name").asText();
    }

    /** Kind and name, as one says it. */
    String title() {
        return name().isEmpty() ? kind() : kind() + " " + name();
    }
}
