package dev.podwork.api.apiserver;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A real kube-apiserver with etcd, one for all test classes, with {@code crds/} applied by kubectl; injected into tests. */
final class ApiServer implements BeforeAllCallback, ParameterResolver {

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context);
    }

    private static Running running(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(ApiServer.class))
                .computeIfAbsent(Running.class);
    }

    /** Closed by JUnit when all tests are done. */
    static final class Running implements AutoCloseable {
        private final Path binaries = directory();
        private final KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(binaries.toString())
                .withOfflineMode(true)
                .build());
        private final Path kubeconfig;
        final KubernetesClient client;

        Running() throws IOException, InterruptedException {
            server.start();
            kubeconfig = Files.writeString(Files.createTempFile("podwork", ".kubeconfig"), server.getKubeConfigYaml());
            client = new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
                    .build();
            kubectl("apply", "-f", "../../crds");
            kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=20s");
        }

        /** Its output; fails when kubectl does. */
        String kubectl(String... arguments) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>();
            command.add(kubectlBinary().toString());
            command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
            }
            return output;
        }

        private Path kubectlBinary() throws IOException {
            try (Stream<Path> files = Files.walk(binaries)) {
                return files.filter(file -> file.endsWith("kubectl"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no kubectl in KUBE_API_TEST_DIR, " + binaries));
            }
        }

        private static Path directory() {
            String directory = System.getenv("KUBE_API_TEST_DIR");
            if (directory == null) {
                throw new AssertionError("KUBE_API_TEST_DIR must name a directory with k8s/<version>-<os>-<arch>/"
                        + "{etcd,kube-apiserver,kubectl}; see CONTRIBUTING.md");
            }
            return Path.of(directory);
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.stop();
            Files.delete(kubeconfig);
        }
    }
}
