package dev.podwork.api.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.AttemptStatusBuilder;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Progress;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerDefinitionStatusBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person with kubectl sees. */
@Tag("apiserver")
@ExtendWith(ApiServer.class)
class KubectlApiServerTest {
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private final ApiServer.Running server;
    private final KubernetesClient client;
    private String namespace = "";

    KubectlApiServerTest(ApiServer.Running server) {
        this.server = server;
        client = server.client;
    }

    @BeforeEach
    void createNamespace() {
        namespace = client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("kubectl-")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
    }

    @AfterEach
    void deleteNamespace() {
        client.namespaces().withName(namespace).delete();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs.podwork.dev", "workerdefinitions.podwork.dev"})
    void appliedCrdsLeaveRoomInTheirAnnotations(String crd) {
        String applied = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(crd)
                .get()
                .getMetadata()
                .getAnnotations()
                .get("kubectl.kubernetes.io/last-applied-configuration");
        assertThat(applied).hasSizeBetween(1, ANNOTATIONS_LIMIT / 2);
    }

    /** CompleteFileTest keeps the file equal to what the import makes. */
    @Test
    void importedWorkersAreAccepted() throws IOException, InterruptedException {
        String file = "../local/src/test/resources/workerhost/complete.manifests.yaml";

        assertThat(server.kubectl("apply", "-n", namespace, "-f", file))
                .contains(
                        "workerdefinition.podwork.dev/shop.prices created",
                        "workerdefinition.podwork.dev/shop.legacy created");
    }

    @Test
    void applyingAgainChangesNothing() throws Exception {
        assertThat(server.kubectl("apply", "-f", "../../crds").lines()).allMatch(line -> line.endsWith(" unchanged"));
        assertThat(server.kubectl("diff", "-f", "../../crds")).isEmpty();
    }

    @Test
    void aNewJobIsQueuedBeforeAnyOperatorSawIt() throws Exception {
        Job created = client.resource(job("new")).create();
        assertThat(created.getStatus()).isEqualTo(queued());
        assertThat(client.resource(created).get().getStatus()).isEqualTo(queued());
        assertThat(cells("get", "pj", "new")).containsExactly("NAME", "PHASE", "WORKER", "ATTEMPT", "REASON", "AGE");
        assertThat(lines("get", "pj", "new", "--no-headers").get(0)).matches("new +Queued +\\d+s *");
    }

    @Test
    void nobodyWritesAStatusByCreatingOrUpdating() {
        Job job = job("forged");
        job.setStatus(status(Phase.SUCCEEDED));
        Job created = client.resource(job).create();
        assertThat(created.getStatus()).isEqualTo(queued());

        created.setStatus(status(Phase.SUCCEEDED));
        Job updated = client.resource(created).update();
        assertThat(updated.getStatus()).isEqualTo(queued());

        updated.setStatus(status(Phase.SUCCEEDED));
        assertThat(client.resource(updated).updateStatus().getStatus()).isEqualTo(status(Phase.SUCCEEDED));
    }

    @Test
    void statusDoesNotChangeTheGeneration() {
        Job created = client.resource(job("generation")).create();
        created.setStatus(status(Phase.RUNNING));
        assertThat(client.resource(created).updateStatus().getMetadata().getGeneration())
                .isEqualTo(1);
    }

    @Test
    void columnsOfAJobSayWhatItDoesAndWhy() throws Exception {
        Job created = client.resource(job("busy")).create();
        created.setStatus(status(Phase.RUNNING));
        client.resource(created).updateStatus();

        assertThat(lines("get", "pj", "--no-headers").get(0)).matches("busy +Running +train +2 +Because +\\d+s *");
        assertThat(cells("get", "pj", "-o", "wide"))
                .containsExactly("NAME", "PHASE", "WORKER", "ATTEMPT", "REASON", "AGE", "PROGRESS", "MESSAGE");
        assertThat(lines("get", "pj", "--no-headers", "-o", "wide").get(0))
                .matches("busy +Running +train +2 +Because +\\d+s +12.5 +for people *");
    }

    @Test
    void columnsOfAWorkerDefinitionSayWhetherItIsReady() throws Exception {
        WorkerDefinition created = client.resource(definition("train")).create();
        created.setStatus(WorkerDefinitionStatusBuilder.builder()
                .observedGeneration(1L)
                .conditions(List.of(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus("False")
                        .withReason("SourceNotFound")
                        .withMessage("what to change")
                        .withLastTransitionTime("2026-05-01T10:00:00Z")
                        .build()))
                .build());
        client.resource(created).updateStatus();

        assertThat(cells("get", "wd")).containsExactly("NAME", "READY", "REASON", "RUNTIME", "AGE");
        assertThat(lines("get", "wd", "--no-headers", "-o", "wide").get(0))
                .matches("train +False +SourceNotFound +python +\\d+s +what to change *");
        server.kubectl("wait", "-n", namespace, "wd/train", "--for=condition=Ready=False", "--timeout=5s");
    }

    @Test
    void protocolIsTheUsualOne() {
        assertThat(client.resource(definition("usual")).create().getSpec().protocol())
                .isNotNull();
    }

    @Test
    void bothKindsAreInTheCategory() throws Exception {
        client.resource(job("one")).create();
        client.resource(definition("two")).create();
        assertThat(lines("get", "podwork", "-o", "name"))
                .containsExactlyInAnyOrder("job.podwork.dev/one", "workerdefinition.podwork.dev/two");
    }

    @Test
    void bareJobsAreStillBatchJobs() throws Exception {
        client.resource(job("one")).create();
        assertThat(server.kubectl("get", "jobs", "-n", namespace)).contains("No resources found");
    }

    @Test
    void explainTellsWhatFieldsAreFor() throws Exception {
        assertThat(server.kubectl("explain", "pj.spec"))
                .contains("Name of the WorkerDefinition that runs this job.", "The job's input: any JSON value.");
        assertThat(server.kubectl("explain", "wd")).contains("What a worker is", "Code, image and surroundings");
        assertThat(server.kubectl("explain", "wd.spec")).contains("enum: image, node, python");
    }

    @Test
    void misspeltFieldsAreRefused() throws Exception {
        assertThatThrownBy(() -> applyText("{runtime: python, sourc: {inline: x}}"))
                .hasMessageContaining("unknown field \"spec.sourc\"");
    }

    private void applyText(String spec) throws IOException, InterruptedException {
        Path file = Files.createTempFile("definition", ".yaml");
        Files.writeString(
                file,
                "{apiVersion: podwork.dev/v1alpha1, kind: WorkerDefinition, metadata: {name: a}, spec: " + spec + "}");
        server.kubectl("apply", "-n", namespace, "-f", file.toString());
    }

    private List<String> lines(String verb, String... rest) throws IOException, InterruptedException {
        String[] arguments =
                Stream.concat(Stream.of(verb, "-n", namespace), Stream.of(rest)).toArray(String[]::new);
        return server.kubectl(arguments).lines().toList();
    }

    private List<String> cells(String verb, String... rest) throws IOException, InterruptedException {
        return List.of(lines(verb, rest).get(0).split(" +"));
    }

    private Job job(String name) {
        Job job = new Job();
        job.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        job.setSpec(JobSpecBuilder.builder().worker("train").build());
        return job;
    }

    private WorkerDefinition definition(String name) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.PYTHON)
                .source(new Source("pass", null, null))
                .build());
        return definition;
    }

    private static JobStatus queued() {
        return JobStatusBuilder.builder().phase(Phase.QUEUED).build();
    }

    private static JobStatus status(Phase phase) {
        return JobStatusBuilder.builder()
                .observedGeneration(1L)
                .phase(phase)
                .reason("Because")
                .message("for people")
                .worker("train")
                .progress(new Progress(12.5, null))
                .attempts(List.of(attempt(1), attempt(2)))
                .build();
    }

    private static AttemptStatus attempt(int number) {
        return AttemptStatusBuilder.builder().number(number).pod("a-" + number).build();
    }
}
