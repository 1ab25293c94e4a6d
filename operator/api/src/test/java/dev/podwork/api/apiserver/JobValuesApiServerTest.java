package dev.podwork.api.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podwork.api.job.AttemptStatusBuilder;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Progress;
import dev.podwork.api.job.Telemetry;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any JSON value gets into a Job and out of it as it was. */
@Tag("apiserver")
@ExtendWith(ApiServer.class)
class JobValuesApiServerTest {
    private static final Instant START = Instant.parse("2026-05-01T10:00:00.123456789Z");

    private final KubernetesClient client;

    JobValuesApiServerTest(ApiServer.Running server) {
        client = server.client;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "false",
                "true",
                "0",
                "-1.5e-7",
                "9007199254740993",
                "\"\"",
                "\"null\"",
                "[]",
                "[null,0,false,\"\",{}]",
                "{}",
                "{\"a\":null,\"\":{\"b\":[null]},\"kind\":\"Pod\",\"metadata\":{\"name\":1}}",
                "{\"text\":\"Grüße, 世界 \\u0000 \\ud83d\\ude00\"}"
            })
    void anyValue(String json) throws IOException {
        JsonNode value = new ObjectMapper().readTree(json);
        Job job = new Job();
        job.setMetadata(new ObjectMetaBuilder()
                .withGenerateName("value-")
                .withNamespace("default")
                .build());
        job.setSpec(JobSpecBuilder.builder().worker("a").data(value).build());

        Job created = client.resource(job).create();
        created.setStatus(status(value));
        client.resource(created).updateStatus();

        Job read = client.resource(created).get();
        assertThat(read.getSpec().data()).isEqualTo(value);
        assertThat(read.getStatus()).isEqualTo(status(value));
    }

    private static JobStatus status(JsonNode value) {
        return JobStatusBuilder.builder()
                .observedGeneration(3L)
                .phase(Phase.SUCCEEDED)
                .reason("Succeeded")
                .message("done")
                .worker("a")
                .startedAt(START)
                .completedAt(START.plusMillis(1))
                .result(value)
                .error(new JobError("E", "m", "s", value, false))
                .progress(new Progress(12.5, "half of a quarter"))
                .attempts(List.of(AttemptStatusBuilder.builder()
                        .number(1)
                        .pod("a-1")
                        .podUid("uid")
                        .node("node")
                        .startedAt(START)
                        .endedAt(START.plusMillis(1))
                        .exitCode(0)
                        .reason("Succeeded")
                        .stderrTail(List.of("line"))
                        .emits(List.of(new Emit(7, "e", value)))
                        .acknowledged(Long.MAX_VALUE)
                        .build()))
                .conditions(List.of(new ConditionBuilder()
                        .withType("Complete")
                        .withStatus("True")
                        .withReason("Succeeded")
                        .withMessage("")
                        .withLastTransitionTime(START.toString())
                        .withObservedGeneration(3L)
                        .build()))
                .build()
                .withTelemetry(new Telemetry(2, START, 1L << 40, 1L << 41, 12.5, 3, Map.of("any", value)));
    }
}
