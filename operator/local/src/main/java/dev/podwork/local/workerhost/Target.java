package dev.podwork.local.workerhost;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the imported workers are to run.
 *
 * @param image of each worker; {@code {name}} in it stands for its definition's name
 * @param secret that holds the variables
 * @param machine the folder against which the file's paths are looked up, where the workers run on this machine with the virtual
 *     environments that they have; null for a cluster
 */
record Target(String image, String secret, @Nullable Path machine) {
    static final String NAME = "{name}";

    String image(String definition) {
        return image.replace(NAME, definition);
    }
}
