package dev.podwork.local.cluster;

import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.util.HashMap;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An API server in memory, on a port of the loopback interface. */
public final class EmbeddedApiServer implements AutoCloseable {

    public static final String NAMESPACE = "default";

    /** On every pod: keeps one that is deleted until the kubelet has ended its processes. */
    public static final String KUBELET_FINALIZER = "podwork.dev/kubelet";

    /** Held here, because a logger that nobody holds loses its level. */
    private static final Logger REQUEST_LOG = Logger.getLogger(MockWebServer.class.getName());

    private final KubernetesMockServer server;

    private EmbeddedApiServer(KubernetesMockServer server) {
        this.server = server;
    }

    /**
     * Returns when it answers.
     *
     * @param nodeName the one node, on which every pod is placed
     */
    public static EmbeddedApiServer start(String nodeName) {
        REQUEST_LOG.setLevel(Level.WARNING);
        MockWebServer web = new MockWebServer();
        ApiServerDispatcher dispatcher = new ApiServerDispatcher(
                List.of(kind(WorkerDefinition.class), kind(Job.class)), new CreateAdmission(nodeName), web::reset);
        KubernetesMockServer server = new KubernetesMockServer(new Context(), web, new HashMap<>(), dispatcher, false);
        server.start();
        return new EmbeddedApiServer(server);
    }

    private static CustomResourceDefinitionContext kind(Class<? extends CustomResource<?, ?>> type) {
        return new CustomResourceDefinitionContext.Builder()
                .withGroup(HasMetadata.getGroup(type))
                .withVersion(HasMetadata.getVersion(type))
                .withKind(HasMetadata.getKind(type))
                .withPlural(HasMetadata.getPlural(type))
                .withScope("Namespaced")
                .withStatusSubresource(true)
                .build();
    }

    /** A client of its own, for the caller to close. */
    public KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url("/"))
                .withNamespace(NAMESPACE)
                .withHttp2Disable(true)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new VertxHttpClientFactory())
                .build();
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
