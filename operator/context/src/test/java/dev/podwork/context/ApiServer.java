package dev.podwork.context;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A real kube-apiserver with etcd, one for all test classes; its client is injected into tests. */
public final class ApiServer implements BeforeAllCallback, ParameterResolver {

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KubernetesClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context).client;
    }

    private static Running running(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(ApiServer.class))
                .computeIfAbsent(Running.class);
    }

    /** Closed by JUnit when all tests are done. */
    static final class Running implements AutoCloseable {
        private final KubeAPIServer server;
        final KubernetesClient client;

        Running() {
            String binaries = System.getenv("KUBE_API_TEST_DIR");
            if (binaries == null) {
                throw new AssertionError("KUBE_API_TEST_DIR must name a directory with k8s/<version>-<os>-<arch>/"
                        + "{etcd,kube-apiserver,kubectl}; see CONTRIBUTING.md");
            }
            server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                    .withTestDir(binaries)
                    .withOfflineMode(true)
                    .build());
            server.start();
            client = new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
                    .build();
        }

        @Override
        public void close() {
            client.close();
            server.stop();
        }
    }
}
