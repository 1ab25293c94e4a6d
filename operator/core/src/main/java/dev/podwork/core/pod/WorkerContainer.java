package dev.podwork.core.pod;

import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.core.source.SourceFile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The worker's own container: the template's container of that name, with the worker started by the shim. */
final class WorkerContainer {

    /** Where our runtime images have the shim. */
    private static final String BAKED_SHIM = "/usr/local/bin/podwork-relay";
    /** Where the relay's postStart hook puts it for all other images. */
    private static final String INSTALLED_SHIM = PodTemplate.SHARED_PATH + "/podwork-relay";

    private final PodSettings settings;
    private final WorkerDefinition definition;
    private final WorkerDefinitionSpec spec;
    private final Container template;
    private final @Nullable String runtimeImage;
    private final String image;
    private final @Nullable String memory;
    private final @Nullable Duration start;

    /** @param start how long the worker may take until it is ready; null for as long as its protocol allows */
    WorkerContainer(
            PodSettings settings,
            WorkerDefinition definition,
            Container template,
            @Nullable String memory,
            @Nullable Duration start) {
        this.settings = settings;
        this.definition = definition;
        this.spec = definition.getSpec();
        this.template = template;
        this.memory = memory;
        this.start = start;
        this.runtimeImage = switch (spec.runtime()) {
            case PYTHON -> settings.pythonImage();
            case NODE -> settings.nodeImage();
            case IMAGE -> null;
        };
        this.image = Objects.requireNonNull(
                spec.image() == null ? runtimeImage : spec.image(), "a definition without an image is not ready");
    }

    boolean needsShim() {
        return !image.equals(runtimeImage);
    }

    Optional<String> sourceConfigMap() {
        Source source = spec.source();
        if (source == null) {
            return Optional.empty();
        }
        if (source.inline() != null) {
            return Optional.of(Objects.requireNonNull(
                    definition.getStatus().sourceConfigMap(), "a definition without its ConfigMap is not ready"));
        }
        return Optional.ofNullable(source.configMap()).map(configMap -> configMap.name());
    }

    Container container() {
        ContainerBuilder container = new ContainerBuilder(template)
                .withName(WorkerDefinitionSpec.WORKER_CONTAINER)
                .withImage(image)
                .withCommand(command())
                .withArgs(spec.args())
                .withEnv(env())
                .withVolumeMounts(volumeMounts())
                .withSecurityContext(Restricted.container(template.getSecurityContext()))
                .withResources(RaisedMemory.applied(template.getResources(), memory))
                .withRestartPolicy(null)
                // The shim is the one that reads and writes the worker's stdin and stdout, and writes the termination
                // message.
                .withStdin(null)
                .withStdinOnce(null)
                .withTty(null)
                .withTerminationMessagePath(null)
                .withTerminationMessagePolicy(null);
        if (template.getImagePullPolicy() == null && !needsShim()) {
            container.withImagePullPolicy(settings.imagePullPolicy());
        }
        if (SourceFile.isDelivered(spec.source())) {
            container.withWorkingDir(Source.MOUNT_PATH);
        }
        return container.build();
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(needsShim() ? INSTALLED_SHIM : BAKED_SHIM);
        command.add("shim");
        command.add("--");
        command.addAll(spec.command().isEmpty() ? launcher() : spec.command());
        return command;
    }

    private List<String> launcher() {
        Source source =
                Objects.requireNonNull(spec.source(), "a definition with neither command nor source is not ready");
        String file = SourceFile.path(spec, source);
        boolean handler = protocol() == Protocol.JSONRPC;
        return switch (spec.runtime()) {
            case PYTHON -> handler ? List.of("python3", "-m", "podwork", file) : List.of("python3", file);
            case NODE -> handler ? List.of("node", "/opt/podwork/node/launch.mjs", file) : List.of("node", file);
            case IMAGE -> List.of(file);
        };
    }

    private List<EnvVar> env() {
        List<EnvVar> env = new ArrayList<>();
        // The user 65532 need not exist in the image, and its home would then be the read-only root directory.
        if (template.getEnv().stream().noneMatch(variable -> "HOME".equals(variable.getName()))) {
            env.add(variable("HOME", "/tmp"));
        }
        env.addAll(template.getEnv());
        ProtocolSettings.of(spec, start).forEach((name, value) -> env.add(variable(name, value)));
        return env;
    }

    private Protocol protocol() {
        return Objects.requireNonNullElse(spec.protocol(), Protocol.JSONRPC);
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private List<VolumeMount> volumeMounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(RelayContainer.mount(PodTemplate.SHARED_VOLUME, PodTemplate.SHARED_PATH, true));
        if (SourceFile.isDelivered(spec.source())) {
            mounts.add(RelayContainer.mount(PodTemplate.SOURCE_VOLUME, Source.MOUNT_PATH, true));
        }
        mounts.addAll(template.getVolumeMounts());
        return mounts;
    }
}
