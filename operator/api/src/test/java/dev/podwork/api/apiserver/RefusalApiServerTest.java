package dev.podwork.api.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podwork.api.job.FlowReference;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobSpecBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("apiserver")
@ExtendWith(ApiServer.class)
class RefusalApiServerTest {
    private final KubernetesClient client;

    RefusalApiServerTest(ApiServer.Running server) {
        client = server.client;
    }

    static Stream<ManifestCase> refused() throws IOException {
        return Stream.concat(
                ManifestCase.read("refused-workerdefinitions.yaml", "WorkerDefinition").stream(),
                ManifestCase.read("refused-jobs.yaml", "Job").stream());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(ManifestCase wrong) {
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> client.resource(wrong.manifest()).dryRun().create())
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(422))
                .withMessageContaining(wrong.says());
    }

    static List<ManifestCase> accepted() throws IOException {
        return ManifestCase.read("accepted-workerdefinitions.yaml", "WorkerDefinition");
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptsAndKeepsEveryField(ManifestCase right) {
        var kept = client.resource(right.manifest()).dryRun().create();
        assertThat(kept.getAdditionalProperties().get("spec"))
                .usingRecursiveComparison()
                .ignoringFields("protocol")
                .isEqualTo(right.manifest().getAdditionalProperties().get("spec"));
    }

    static List<Arguments> changes() {
        return List.of(
                change("spec.worker", spec -> spec.withWorker("another")),
                change("spec.worker", spec -> spec.withWorker(null).withType("a-type")),
                change("spec.type", spec -> spec.withWorker(null).withType("a-type")),
                change("spec.flow", spec -> spec.withFlow(new FlowReference("another-flow", null, null))),
                change("spec.flow", spec -> spec.withFlow(null)));
    }

    private static Arguments change(String field, UnaryOperator<JobSpec> change) {
        return Arguments.of(field, change);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatAJobIsCannotChange(String field, UnaryOperator<JobSpec> change) {
        Job job = job(
                null,
                JobSpecBuilder.builder()
                        .worker("a")
                        .flow(new FlowReference("a-flow", null, null))
                        .build());
        job.getMetadata().setGenerateName("fixed-");
        Job created = client.resource(job).create();
        created.setSpec(change.apply(created.getSpec()));

        assertThatThrownBy(() -> client.resource(created).update())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(field + " can't be changed; create another Job instead");
    }

    @Test
    void aCancelledJobStaysCancelled() {
        Job job = job(
                "cancelled",
                JobSpecBuilder.builder().worker("a").cancelled(true).build());
        Job created = client.resource(job).create();
        created.setSpec(JobSpecBuilder.builder().worker("a").build());

        assertThatThrownBy(() -> client.resource(created).update())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("spec.cancelled can't be taken back; create another Job instead");
    }

    @Test
    void labelsOfAJobCanChange() {
        Job created = client.resource(
                        job("labelled", JobSpecBuilder.builder().worker("a").build()))
                .create();
        created.getMetadata().getLabels().put("team", "a");

        assertThat(client.resource(created).update().getMetadata().getLabels()).containsEntry("team", "a");
    }

    @Test
    void aLongGeneratedNameIsRefusedToo() {
        Job job = job(null, JobSpecBuilder.builder().worker("a").build());
        job.getMetadata().setGenerateName("a".repeat(58));

        assertThatThrownBy(() -> client.resource(job).create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("metadata.name must be at most 57 characters");
    }

    private static Job job(@Nullable String name, JobSpec spec) {
        Job job = new Job();
        job.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace("default").build());
        job.setSpec(spec);
        return job;
    }
}
