package dev.podwork.local.kubelet;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What pods expect of the images that Podwork brings, and where this machine has it. All other images are taken to hold what
 * this machine has on its {@code PATH}.
 *
 * @param relay the binary that is relay and shim
 * @param python folder of the Python packages
 * @param node folder of the Node launcher
 */
public record Images(Path relay, Path python, Path node) {
    public static final String RELAY = "podwork-relay:local";
    public static final String PYTHON = "podwork-python:local";
    public static final String NODE = "podwork-node:local";

    /** Files and folders of the images that commands name. */
    Map<String, Path> paths() {
        return Map.of(
                "/podwork-relay", relay,
                "/usr/local/bin/podwork-relay", relay,
                "/opt/podwork/node", node);
    }

    /** What a container runs that names no command. */
    Optional<List<String>> entrypoint(String image) {
        return image.equals(RELAY) ? Optional.of(List.of(relay.toString())) : Optional.empty();
    }
}
