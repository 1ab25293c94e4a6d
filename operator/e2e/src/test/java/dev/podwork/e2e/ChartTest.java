package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chart makes of its values; whether it works is for the other tests. */
class ChartTest {

    @Test
    void it_passes_lint() {
        assertThat(CommandLine.helm("lint", "--strict", "charts/podwork")).contains("0 chart(s) failed");
    }

    @Test
    void its_crds_are_those_of_the_repository() throws IOException {
        Path ours = TestSettings.ROOT.resolve("crds");
        Path charts = TestSettings.ROOT.resolve("charts/podwork/crds");
        assertThat(names(charts)).isEqualTo(names(ours));
        for (String file : names(ours)) {
            assertThat(charts.resolve(file))
                    .as("stale: cp crds/*.yaml charts/podwork/crds/")
                    .hasSameTextualContentAs(ours.resolve(file));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void by_default_it_serves_every_namespace() {
        List<HasMetadata> objects = template();

        assertThat(all(objects, ClusterRoleBinding.class)).hasSize(1);
        assertThat(all(objects, Role.class)).hasSize(1);
        assertThat(environment(objects, "PODWORK_WATCH_NAMESPACES")).isEmpty();
    }

    @Test
    void with_namespaces_it_may_do_nothing_elsewhere() {
        List<HasMetadata> objects =
                template("--set", "watchNamespaces={team-a,team-b}", "--set", "rbac.aggregate=false");

        assertThat(all(objects, ClusterRole.class)).isEmpty();
        assertThat(all(objects, ClusterRoleBinding.class)).isEmpty();
        assertThat(all(objects, Role.class))
                .extracting(role -> String.valueOf(role.getMetadata().getNamespace()))
                .contains("team-a", "team-b");
        assertThat(environment(objects, "PODWORK_WATCH_NAMESPACES")).isEqualTo("team-a,team-b");
    }

    @Test
    void it_may_read_no_secret_but_its_own() {
        List<PolicyRule> rules = new ArrayList<>();
        all(template(), ClusterRole.class).forEach(role -> rules.addAll(role.getRules()));
        assertThat(rules).noneMatch(rule -> rule.getResources().contains("secrets"));
        assertThat(rules)
                .noneMatch(rule ->
                        rule.getVerbs().contains("*") || rule.getResources().contains("*"));

        assertThat(all(template(), Role.class).get(0).getRules())
                .filteredOn(rule -> rule.getResources().contains("secrets"))
                .allMatch(rule -> rule.getVerbs().equals(List.of("create"))
                        || rule.getResourceNames().equals(List.of("podwork-context-tls")));
    }

    @Test
    void images_follow_one_pattern_and_can_be_named_one_by_one() {
        List<HasMetadata> objects =
                template("--set", "image.registry=r.example/p,image.tag=v7", "--set", "images.node=other/node:18");

        assertThat(operator(objects).getImage()).isEqualTo("r.example/p/podwork-operator:v7");
        assertThat(environment(objects, "PODWORK_RELAY_IMAGE")).isEqualTo("r.example/p/podwork-relay:v7");
        assertThat(environment(objects, "PODWORK_PYTHON_IMAGE")).isEqualTo("r.example/p/podwork-python:v7");
        assertThat(environment(objects, "PODWORK_NODE_IMAGE")).isEqualTo("other/node:18");
    }

    @Test
    void two_releases_do_not_share_a_name() {
        List<HasMetadata> objects = template("--namespace", "a");
        List<HasMetadata> others = objects(CommandLine.helm("template", "other", "charts/podwork", "--namespace", "b"));

        assertThat(objects)
                .extracting(ChartTest::name)
                .doesNotContainAnyElementsOf(
                        others.stream().map(ChartTest::name).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image.pullPolicy=Sometimes  | /image/pullPolicy",
                "watchNamespaces={Team_A}    | /watchNamespaces/0",
                "watchNamespaces=team-a      | /watchNamespaces",
                "image.registry=reg/         | /image/registry",
                "image.repository=x          | repository",
                "image.tag=7                 | /image/tag",
                "replicas=2                  | replicas",
                "logLevel=loud               | /logLevel"
            })
    void a_wrong_value_is_refused_by_its_path(String value, String path) {
        CommandLine.Output output =
                CommandLine.attempt("helm", "template", "podwork", "charts/podwork", "--set", value);

        assertThat(output.code()).isNotZero();
        assertThat(output.text()).contains(path);
    }

    private static List<HasMetadata> template(String... arguments) {
        String[] command = Stream.concat(Stream.of("template", "podwork", "charts/podwork"), Arrays.stream(arguments))
                .toArray(String[]::new);
        return objects(CommandLine.helm(command));
    }

    private static List<HasMetadata> objects(String yaml) {
        return Cluster.CLIENT
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items();
    }

    private static <T> List<T> all(List<HasMetadata> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static Container operator(List<HasMetadata> objects) {
        return all(objects, Deployment.class)
                .get(0)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
    }

    private static String environment(List<HasMetadata> objects, String name) {
        return operator(objects).getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst()
                .orElse("");
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }
}
