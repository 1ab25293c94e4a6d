package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a pod's volumes: folders with real files, from the objects that they name. */
final class Volumes {
    private static final int DEFAULT_MODE = 0644;
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private final Pod pod;
    private final PodObjects objects;
    private final ServiceAccountTokens tokens;
    private final Path folder;

    /** @param folder where each volume gets a folder of its own */
    Volumes(Pod pod, PodObjects objects, ServiceAccountTokens tokens, Path folder) {
        this.pod = pod;
        this.objects = objects;
        this.tokens = tokens;
        this.folder = folder;
    }

    /** The volumes' folders by name. */
    Map<String, Path> make() {
        Map<String, Path> paths = new HashMap<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            paths.put(volume.getName(), make(volume));
        }
        return paths;
    }

    /** Writes the pod's tokens again, with a new expiry. */
    void renewTokens() {
        for (Volume volume : pod.getSpec().getVolumes()) {
            if (volume.getProjected() != null) {
                VolumeFolder target = new VolumeFolder(folder.resolve(volume.getName()));
                volume.getProjected().getSources().stream()
                        .map(VolumeProjection::getServiceAccountToken)
                        .filter(Objects::nonNull)
                        .forEach(token ->
                                write(target, token, mode(volume.getProjected().getDefaultMode())));
            }
        }
    }

    /** When the first of the pod's tokens should be renewed: at four fifths of its life. */
    Optional<Duration> renewal() {
        return pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getProjected() != null)
                .flatMap(volume -> volume.getProjected().getSources().stream())
                .map(VolumeProjection::getServiceAccountToken)
                .filter(Objects::nonNull)
                .map(token -> life(token).multipliedBy(4).dividedBy(5))
                .min(Duration::compareTo);
    }

    private Path make(Volume volume) {
        VolumeFolder target = new VolumeFolder(folder.resolve(volume.getName()));
        target.create();
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            objects.configMap(source.getName(), Boolean.TRUE.equals(source.getOptional()))
                    .ifPresent(configMap -> target.write(
                            PodObjects.bytes(configMap), source.getItems(), mode(source.getDefaultMode())));
        } else if (volume.getSecret() != null) {
            var source = volume.getSecret();
            objects.secret(source.getSecretName(), Boolean.TRUE.equals(source.getOptional()))
                    .ifPresent(secret ->
                            target.write(PodObjects.bytes(secret), source.getItems(), mode(source.getDefaultMode())));
        } else if (volume.getDownwardAPI() != null) {
            write(
                    target,
                    volume.getDownwardAPI().getItems(),
                    mode(volume.getDownwardAPI().getDefaultMode()));
        } else if (volume.getProjected() != null) {
            write(target, volume.getProjected());
        } else if (volume.getHostPath() != null) {
            return Path.of(volume.getHostPath().getPath());
        } else if (volume.getEmptyDir() == null) {
            throw new PodStartException(
                    "FailedMount",
                    "the volume " + volume.getName()
                            + " is of a kind that there is not on a laptop; emptyDir, configMap,"
                            + " secret, projected, downwardAPI and hostPath are");
        }
        return target.path();
    }

    private void write(VolumeFolder target, ProjectedVolumeSource projected) {
        int mode = mode(projected.getDefaultMode());
        for (VolumeProjection source : projected.getSources()) {
            if (source.getServiceAccountToken() != null) {
                write(target, source.getServiceAccountToken(), mode);
            }
            if (source.getConfigMap() != null) {
                var from = source.getConfigMap();
                objects.configMap(from.getName(), Boolean.TRUE.equals(from.getOptional()))
                        .ifPresent(configMap -> target.write(PodObjects.bytes(configMap), from.getItems(), mode));
            }
            if (source.getSecret() != null) {
                var from = source.getSecret();
                objects.secret(from.getName(), Boolean.TRUE.equals(from.getOptional()))
                        .ifPresent(secret -> target.write(PodObjects.bytes(secret), from.getItems(), mode));
            }
            if (source.getDownwardAPI() != null) {
                write(target, source.getDownwardAPI().getItems(), mode);
            }
        }
    }

    private void write(VolumeFolder target, ServiceAccountTokenProjection token, int mode) {
        String audience = Optional.ofNullable(token.getAudience()).orElse("");
        byte[] text = tokens.mint(pod, audience, life(token)).getBytes(StandardCharsets.UTF_8);
        target.write(Map.of("token", text), List.of(new KeyToPath("token", null, token.getPath())), mode);
    }

    private void write(VolumeFolder target, List<DownwardAPIVolumeFile> files, int mode) {
        for (DownwardAPIVolumeFile file : files) {
            if (file.getFieldRef() != null) {
                byte[] value = DownwardApi.field(pod, file.getFieldRef().getFieldPath())
                        .getBytes(StandardCharsets.UTF_8);
                KeyToPath to = new KeyToPath("value", file.getMode(), file.getPath());
                target.write(Map.of("value", value), List.of(to), mode);
            }
        }
    }

    private static Duration life(ServiceAccountTokenProjection token) {
        return token.getExpirationSeconds() == null ? TOKEN_LIFE : Duration.ofSeconds(token.getExpirationSeconds());
    }

    private static int mode(@Nullable Integer mode) {
        return mode == null ? DEFAULT_MODE : mode;
    }
}
