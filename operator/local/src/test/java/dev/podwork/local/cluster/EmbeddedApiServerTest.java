package dev.podwork.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedApiServerTest {
    private EmbeddedApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        server = EmbeddedApiServer.start("laptop");
        client = server.client();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aCreatedObjectHasWhatAnApiServerGivesIt() {
        Job job = client.resource(job("a")).create();

        assertThat(job.getMetadata().getUid()).isNotBlank();
        assertThat(job.getMetadata().getResourceVersion()).isNotBlank();
        assertThat(job.getMetadata().getCreationTimestamp()).isNotBlank();
        assertThat(job.getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void generatedNamesAreShort() {
        Job template = job("");
        template.setMetadata(new ObjectMetaBuilder().withGenerateName("greet-").build());

        assertThat(client.resource(template).create().getMetadata().getName()).matches("greet-[a-z0-9]{5}");
    }

    @Test
    void statusIsASubresource() {
        Job job = client.resource(job("a")).create();
        job.setStatus(status(Phase.RUNNING));

        assertThat(client.resource(job).update().getStatus()).isNull();

        job = client.resource(job).get();
        job.setStatus(status(Phase.RUNNING));
        Job updated = client.resource(job).updateStatus();
        assertThat(updated.getStatus().phase()).isEqualTo(Phase.RUNNING);
        assertThat(updated.getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void aWriteOnAnOldVersionConflicts() {
        Job old = client.resource(job("a")).create();
        Job changed = client.resource(job("a")).get();
        changed.getMetadata().setLabels(Map.of("a", "b"));
        client.resource(changed).update();
        old.setStatus(status(Phase.RUNNING));

        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> client.resource(old).updateStatus())
                .matches(e -> e.getCode() == 409);
    }

    @Test
    void aMergePatchReplacesListsAndRemovesNulls() {
        ConfigMap configMap = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("c")
                .withNamespace("default")
                .withFinalizers("one", "two")
                .endMetadata()
                .addToData(Map.of("a", "1", "b", "2"))
                .build();
        client.resource(configMap).create();

        ConfigMap patched = client.resource(configMap).patch(PatchContext.of(PatchType.JSON_MERGE), """
                {"metadata":{"finalizers":["three"]},"data":{"a":null,"c":"3"}}""");

        assertThat(patched.getMetadata().getFinalizers()).containsExactly("three");
        assertThat(patched.getData()).containsOnly(Map.entry("b", "2"), Map.entry("c", "3"));
    }

    @Test
    void whatALastOwnerLeavesBehindIsCollected() {
        Job first = client.resource(job("first")).create();
        Job second = client.resource(job("second")).create();
        client.resource(owned("of-first", first)).create();
        client.resource(owned("of-both", first, second)).create();

        client.resource(first).delete();

        assertThat(client.configMaps().withName("of-first").get()).isNull();
        assertThat(client.configMaps().withName("of-both").get()).isNotNull();
        client.resource(second).delete();
        assertThat(client.configMaps().withName("of-both").get()).isNull();
    }

    @Test
    void aPodStaysUntilTheKubeletLetsItGo() {
        Pod pod = client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("p")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create();
        assertThat(pod.getSpec().getNodeName()).isEqualTo("laptop");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");

        client.resource(pod).delete();

        assertThat(client.resource(pod).get().isMarkedForDeletion()).isTrue();
        client.resource(pod).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
        assertThat(client.resource(pod).get()).isNull();
    }

    @Test
    void closingAWatchWithEventsUnderwayHoldsNobodyUp() {
        for (int round = 0; round < 20; round++) {
            SharedIndexInformer<Job> informer =
                    client.resources(Job.class).inNamespace("default").inform();
            for (int i = 0; i < 5; i++) {
                client.resource(job("job-" + round + "-" + i)).create();
            }
            informer.close();
        }

        assertThat(client.resources(Job.class).list().getItems()).hasSize(100);
    }

    @Test
    void aWatchIsToldOfWhatItSelects() {
        Job job = job("a");
        job.getMetadata().setLabels(Map.of("app", "x"));
        client.resource(job("b")).create();
        client.resource(job).create();

        Job seen = client.resources(Job.class)
                .inNamespace("default")
                .withLabel("app", "x")
                .waitUntilCondition(
                        found -> found != null && found.getMetadata().getName().equals("a"), 5, TimeUnit.SECONDS);

        assertThat(seen.getMetadata().getName()).isEqualTo("a");
    }

    private static ConfigMap owned(String name, Job... owners) {
        List<OwnerReference> references = List.of(owners).stream()
                .map(owner -> new OwnerReferenceBuilder()
                        .withApiVersion(owner.getApiVersion())
                        .withKind(owner.getKind())
                        .withName(owner.getMetadata().getName())
                        .withUid(owner.getMetadata().getUid())
                        .build())
                .toList();
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withOwnerReferences(references)
                .endMetadata()
                .build();
    }

    private static Job job(String name) {
        Job job = new Job();
        job.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace("default").build());
        job.setSpec(JobSpecBuilder.builder().worker("worker").build());
        return job;
    }

    private static JobStatus status(Phase phase) {
        return JobStatusBuilder.builder().observedGeneration(1L).phase(phase).build();
    }
}
