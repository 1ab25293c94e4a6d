package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Turns the containers of a pod into commands for this machine. */
final class ContainerCommands {
    /** What workers get of the environment of the person who runs this. */
    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "TMPDIR", "TZ");

    private static final String INHERITED_PREFIX = "LC_";
    private static final String DEFAULT_TERMINATION_LOG = "/dev/termination-log";
    /** What shim and relay take when they are not told: paths of a container, which here must be told. */
    private static final Map<String, String> RELAY_DEFAULTS = Map.of(
            "PODWORK_SOCKET", "/podwork/relay.sock",
            "PODWORK_TOKEN_FILE", "/var/run/secrets/podwork/token",
            "PODWORK_TERMINATION_LOG", DEFAULT_TERMINATION_LOG);

    private final Pod pod;
    private final Images images;
    private final Map<String, Path> volumes;
    private final ContainerEnvironment environments;
    private final Path imageDirectory;
    private final Path folder;

    /**
     * @param volumes the volumes' folders by name
     * @param imageDirectory what stands for the working directory of an image
     * @param folder the pod's own folder on this machine
     */
    ContainerCommands(
            Pod pod,
            Images images,
            Map<String, Path> volumes,
            ContainerEnvironment environments,
            Path imageDirectory,
            Path folder) {
        this.pod = pod;
        this.images = images;
        this.volumes = Map.copyOf(volumes);
        this.environments = environments;
        this.imageDirectory = imageDirectory;
        this.folder = folder;
    }

    ContainerCommand of(Container container) {
        List<String> command = new ArrayList<>(container.getCommand());
        if (command.isEmpty()) {
            command.addAll(images.entrypoint(container.getImage())
                    .orElseThrow(() -> new PodStartException(
                            "StartError",
                            "the container " + container.getName() + " has no command, and there are no images here to"
                                    + " take one from: name the program in command")));
        }
        command.addAll(container.getArgs());
        return command(container, command, container.getName());
    }

    /** A hook of the container: the same surroundings, but its end is not the container's. */
    ContainerCommand hook(Container container, List<String> command) {
        return command(container, command, container.getName() + ".hook");
    }

    private ContainerCommand command(Container container, List<String> command, String sandboxName) {
        Path sandbox = folder.resolve("containers").resolve(sandboxName);
        PathMapping mapping = mapping(container, sandbox);
        Map<String, String> declared = environments.of(container);
        Path directory = Optional.ofNullable(container.getWorkingDir())
                .map(path -> imageDirectory.resolve(mapping.translate(path)))
                .orElse(imageDirectory);
        return new ContainerCommand(
                container.getName(),
                command.stream()
                        .map(word -> mapping.translate(ContainerEnvironment.expand(word, declared)))
                        .toList(),
                environment(declared, mapping),
                directory,
                sandbox);
    }

    private PathMapping mapping(Container container, Path sandbox) {
        Map<String, Path> paths = new HashMap<>(images.paths());
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path volume = volumes.get(mount.getName());
            if (volume == null) {
                throw new PodStartException(
                        "FailedMount",
                        "the container " + container.getName() + " mounts the volume " + mount.getName()
                                + ", which the pod does not have");
            }
            String subPath = Optional.ofNullable(mount.getSubPath())
                    .or(() -> Optional.ofNullable(mount.getSubPathExpr())
                            .map(path -> ContainerEnvironment.expand(path, environments.of(container))))
                    .orElse("");
            paths.put(mount.getMountPath(), volume.resolve(subPath));
        }
        String terminationLog =
                Optional.ofNullable(container.getTerminationMessagePath()).orElse(DEFAULT_TERMINATION_LOG);
        paths.put(terminationLog, ContainerCommand.terminationLog(sandbox));
        return new PathMapping(paths);
    }

    private Map<String, String> environment(Map<String, String> declared, PathMapping mapping) {
        Map<String, String> environment = new TreeMap<>();
        System.getenv().forEach((name, value) -> {
            if (INHERITED.contains(name) || name.startsWith(INHERITED_PREFIX)) {
                environment.put(name, value);
            }
        });
        environment.put("HOSTNAME", pod.getMetadata().getName());
        RELAY_DEFAULTS.forEach((name, path) -> environment.put(name, mapping.translate(path)));
        declared.forEach((name, value) -> environment.put(name, mapping.translate(value)));
        // In the image the packages are installed: a PYTHONPATH of the worker's own doesn't hide them.
        environment.merge("PYTHONPATH", images.python().toString(), (own, ours) -> own + ":" + ours);
        return environment;
    }
}
