package dev.podwork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The records as the Kubernetes client reads and writes them. */
class SerializationTest {
    private final KubernetesSerialization serialization = new KubernetesSerialization();

    @Test
    void absentAndNullListsAreEmpty() {
        JobStatus absent = status("{}");
        assertThat(absent.attempts()).isEmpty();
        assertThat(absent.conditions()).isEmpty();
        assertThat(absent.phase()).isNull();
        assertThat(status("{\"attempts\":null,\"conditions\":null}")).isEqualTo(absent);
        assertThat(status("{\"attempts\":[{\"number\":1}]}").attempts().get(0).emits())
                .isEmpty();
    }

    @Test
    void absentAndNullResultsDiffer() {
        assertThat(status("{}").result()).isNull();
        assertThat(status("{\"result\":null}").result()).isEqualTo(NullNode.getInstance());
        assertThat(serialization.asJson(status("{}"))).isEqualTo("{}");
        assertThat(serialization.asJson(status("{\"result\":null}"))).isEqualTo("{\"result\":null}");
    }

    @Test
    void aCopyKeepsNulls() {
        Job job = job("{\"spec\":{\"worker\":\"a\",\"data\":null},\"status\":{\"result\":null}}");
        Job copy = serialization.clone(job);
        assertThat(copy.getSpec()).isEqualTo(job.getSpec());
        assertThat(copy.getSpec().data()).isEqualTo(NullNode.getInstance());
        assertThat(copy.getStatus()).isEqualTo(job.getStatus());
    }

    @Test
    void aJobKeepsAllOfItsMetadataButTheFieldsManagers() {
        Job job = job("""
                {"metadata":{"name":"j","namespace":"n","uid":"u","resourceVersion":"7","labels":{"a":"b"},
                 "managedFields":[{"manager":"kubectl","operation":"Update","fieldsV1":{"f:spec":{}}}]},
                 "spec":{"worker":"a"}}""");
        assertThat(job.getMetadata().getManagedFields()).isEmpty();
        assertThat(job.getMetadata().getAdditionalProperties()).isEmpty();
        assertThat(job.getMetadata().getResourceVersion()).isEqualTo("7");
        assertThat(job.getMetadata().getLabels()).containsEntry("a", "b");
        assertThat(serialization.asJson(job))
                .contains("\"resourceVersion\":\"7\"")
                .doesNotContain("managedFields");
    }

    @ParameterizedTest
    @EnumSource
    void phasesAreWrittenInKubernetesStyle(Phase phase) {
        String name = phase.name().charAt(0) + phase.name().substring(1).toLowerCase(Locale.ROOT);
        String json = "{\"phase\":\"" + name + "\"}";
        assertThat(status(json).phase()).isEqualTo(phase);
        assertThat(serialization.asJson(status(json))).isEqualTo(json);
    }

    @Test
    void timesAreRfc3339() {
        JobStatus status =
                status("{\"startedAt\":\"2026-05-01T10:00:00.000001Z\",\"completedAt\":\"2026-05-01T12:00:00+02:00\"}");
        assertThat(status.startedAt()).isEqualTo(Instant.parse("2026-05-01T10:00:00.000001Z"));
        assertThat(serialization.asJson(status))
                .isEqualTo("{\"startedAt\":\"2026-05-01T10:00:00.000001Z\",\"completedAt\":\"2026-05-01T10:00:00Z\"}");
    }

    @Test
    void aDefinitionIsWrittenAsItWasRead() {
        String spec =
                "{\"runtime\":\"node\",\"source\":{\"inline\":\"x\"},\"protocol\":\"jsonrpc\",\"taskTypes\":[\"t\"],"
                        + "\"template\":{\"spec\":{\"containers\":[{\"name\":\"worker\",\"resources\":{\"limits\":{\"cpu\":1}}}]}}}";
        WorkerDefinition definition = serialization.unmarshal("{\"spec\":" + spec + "}", WorkerDefinition.class);
        assertThat(definition.getSpec().runtime()).isEqualTo(WorkerRuntime.NODE);
        assertThat(definition.getSpec().protocol()).isEqualTo(Protocol.JSONRPC);
        assertThat(definition.getSpec().command()).isEmpty();
        assertThat(serialization.asJson(definition.getSpec())).isEqualTo(spec.replace("\"cpu\":1", "\"cpu\":\"1\""));
    }

    /** So that an operator can live with the definitions of a later release. */
    @Test
    void unknownFieldsAreIgnored() {
        assertThat(
                        job("{\"spec\":{\"worker\":\"a\",\"later\":{}},\"status\":{\"later\":1,\"attempts\":[{\"later\":1,\"emits\":"
                                        + "[{\"later\":1}]}],\"error\":{\"later\":1},\"progress\":{\"later\":1}}}")
                                .getSpec()
                                .worker())
                .isEqualTo("a");
        assertThat(serialization
                        .unmarshal(
                                "{\"spec\":{\"runtime\":\"node\",\"later\":1,\"source\":{\"later\":1,\"configMap\":{\"later\":1}}},"
                                        + "\"status\":{\"later\":1}}",
                                WorkerDefinition.class)
                        .getSpec()
                        .runtime())
                .isEqualTo(WorkerRuntime.NODE);
    }

    private JobStatus status(String json) {
        return job("{\"status\":" + json + "}").getStatus();
    }

    private Job job(String json) {
        return serialization.unmarshal(json, Job.class);
    }
}
