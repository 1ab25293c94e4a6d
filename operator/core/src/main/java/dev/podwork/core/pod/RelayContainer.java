package dev.podwork.core.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.Map;

/** The native sidecar that carries the worker's lines. It alone holds the pod's token. */
final class RelayContainer {

    static final String NAME = "relay";
    private static final String BINARY = "/podwork-relay";
    private static final String TOKEN_PATH = "/var/run/secrets/podwork";
    private static final String AUDIENCE = "podwork";
    private static final long TOKEN_SECONDS = 3600;

    private RelayContainer() {}

    static Container of(PodSettings settings, boolean installsShim) {
        ContainerBuilder relay = new ContainerBuilder()
                .withName(NAME)
                .withImage(settings.relayImage())
                .withImagePullPolicy(settings.imagePullPolicy())
                .withArgs("relay")
                .withRestartPolicy("Always")
                .addNewEnv()
                .withName("PODWORK_SERVER")
                .withValue(settings.server())
                .endEnv()
                .addNewEnv()
                .withName("PODWORK_SERVER_CA")
                .withValue(settings.serverCa())
                .endEnv()
                .withVolumeMounts(
                        mount(PodTemplate.SHARED_VOLUME, PodTemplate.SHARED_PATH, false),
                        mount(PodTemplate.TOKEN_VOLUME, TOKEN_PATH, true))
                .withNewResources()
                .addToRequests("cpu", new Quantity("5m"))
                .addToRequests("memory", new Quantity("16Mi"))
                .withLimits(Map.of("memory", new Quantity("64Mi")))
                .endResources()
                .withSecurityContext(new SecurityContextBuilder(Restricted.container(null))
                        .withReadOnlyRootFilesystem(true)
                        .build());
        if (installsShim) {
            relay.withNewLifecycle()
                    .withNewPostStart()
                    .withNewExec()
                    .withCommand(BINARY, "install", PodTemplate.SHARED_PATH)
                    .endExec()
                    .endPostStart()
                    .endLifecycle();
        }
        return relay.build();
    }

    static Volume tokenVolume() {
        return new VolumeBuilder()
                .withName(PodTemplate.TOKEN_VOLUME)
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken()
                .withAudience(AUDIENCE)
                .withExpirationSeconds(TOKEN_SECONDS)
                .withPath("token")
                .endServiceAccountToken()
                .endSource()
                .endProjected()
                .build();
    }

    static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly ? true : null)
                .build();
    }
}
