package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Podwork as `helm install` makes it: once for the whole run, and removed at its end. */
final class Installation implements AutoCloseable {
    private final String namespace;
    private final boolean broughtCrds;

    private Installation() {
        assertThat(CommandLine.kubectl(
                        "get", "deployments", "-A", "-l", "app.kubernetes.io/name=podwork", "-o", "name"))
                .as("another Podwork in this cluster, which would take the tests' Jobs: uninstall it first")
                .isBlank();
        broughtCrds =
                CommandLine.attempt("kubectl", "get", "crd", "jobs.podwork.dev").code() != 0;
        namespace = Cluster.restrictedNamespace("operator");
        try {
            List<String> arguments = new ArrayList<>(List.of("install", "podwork", "charts/podwork", "-n", namespace));
            arguments.addAll(imageValues());
            arguments.addAll(List.of("--wait", "--timeout", "120s"));
            CommandLine.helm(arguments.toArray(String[]::new));
        } catch (AssertionError e) {
            String state = CommandLine.attempt("kubectl", "-n", namespace, "describe", "pods")
                            .text()
                    + log();
            close();
            throw new AssertionError(e.getMessage() + "\n" + state, e);
        }
    }

    static List<String> imageValues() {
        return List.of(
                "--set-string",
                "image.registry=" + TestSettings.REGISTRY,
                "--set-string",
                "image.tag=" + TestSettings.TAG,
                "--set-string",
                "image.pullPolicy=" + TestSettings.PULL_POLICY);
    }

    /** The run's installation; the first test that asks makes it. */
    static Installation of(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Installation.class))
                .computeIfAbsent(Installation.class, type -> new Installation(), Installation.class);
    }

    String namespace() {
        return namespace;
    }

    /** The operator's pod; fails when there is none, or more. */
    Pod pod() {
        List<Pod> pods = Cluster.CLIENT
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", "podwork")
                .list()
                .getItems();
        assertThat(pods).as("pods of the operator").hasSize(1);
        return pods.get(0);
    }

    String log() {
        return CommandLine.attempt("kubectl", "-n", namespace, "logs", "deployment/podwork", "--tail=200")
                .text();
    }

    /** The value of a metric, summed over its labels that contain what is given; 0 when there is none yet. */
    double metric(String name, String... labels) {
        String path = "/api/v1/namespaces/" + namespace + "/services/podwork-metrics:http/proxy/metrics";
        return Metrics.sum(CommandLine.kubectl("get", "--raw", path), name, labels);
    }

    /** The process dies by a signal that it can't handle, as in a crash, and nobody takes its place. */
    void kill() {
        Debugger.run(pod(), "operator", "kill -SEGV 1");
        CommandLine.kubectl("-n", namespace, "scale", "deployment/podwork", "--replicas=0");
        Cluster.CLIENT
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", "podwork")
                .informOnCondition(List::isEmpty)
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    void start() {
        CommandLine.kubectl("-n", namespace, "scale", "deployment/podwork", "--replicas=1");
        CommandLine.kubectl(
                "-n",
                namespace,
                "rollout",
                "status",
                "deployment/podwork",
                "--timeout=" + Duration.ofMinutes(2).toSeconds() + "s");
    }

    @Override
    public void close() {
        CommandLine.attempt("helm", "uninstall", "podwork", "-n", namespace);
        Cluster.deleteNamespace(namespace);
        if (broughtCrds) {
            CommandLine.attempt(
                    "kubectl", "delete", "crd", "--wait=false", "jobs.podwork.dev", "workerdefinitions.podwork.dev");
        }
    }
}
