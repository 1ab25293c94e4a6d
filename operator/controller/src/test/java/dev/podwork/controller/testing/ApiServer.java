package dev.podwork.controller.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A real kube-apiserver with etcd, one for all tests, with {@code crds/} applied; a {@link KubernetesClient} is injected. */
public final class ApiServer implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KubernetesClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(ApiServer.class))
                .computeIfAbsent(Running.class)
                .client;
    }

    /** A namespace of a test's own, so that tests need not clean up. */
    public static String namespace(KubernetesClient client, Map<String, String> labels) {
        return client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("test-")
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
    }

    /** Closed by JUnit when all tests are done. */
    static final class Running implements AutoCloseable {
        private final KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(Objects.requireNonNull(
                        System.getenv("KUBE_API_TEST_DIR"),
                        "KUBE_API_TEST_DIR must name a directory with k8s/<version>-<os>-<arch>/{etcd,kube-apiserver};"
                                + " see CONTRIBUTING.md"))
                .withOfflineMode(true)
                .build());
        final KubernetesClient client;

        Running() throws IOException {
            server.start();
            client = new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
                    .build();
            try (Stream<Path> crds = Files.list(Path.of("../../crds"))) {
                crds.forEach(this::apply);
            }
        }

        String kubeconfig() {
            return server.getKubeConfigYaml();
        }

        private void apply(Path crd) {
            try (InputStream yaml = Files.newInputStream(crd)) {
                var created = client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .load(yaml)
                        .create();
                client.resource(created)
                        .waitUntilCondition(
                                now -> now.getStatus().getConditions() != null
                                        && now.getStatus().getConditions().stream()
                                                .anyMatch(condition -> condition
                                                                .getType()
                                                                .equals("Established")
                                                        && condition.getStatus().equals("True")),
                                20,
                                TimeUnit.SECONDS);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            client.close();
            server.stop();
        }
    }
}
