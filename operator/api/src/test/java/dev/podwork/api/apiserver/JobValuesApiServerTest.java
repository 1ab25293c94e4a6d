package dev.podwork.api.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
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
        job.setSpec(new JobSpec("a", null, value, null));

        Job created = client.resource(job).create();
        created.setStatus(status(value));
        client.resource(created).updateStatus();

        Job read = client.resource(created).get();
        assertThat(read.getSpec().data()).isEqualTo(value);
        assertThat(read.getStatus()).isEqualTo(status(value));
    }

    private static JobStatus status(JsonNode value) {
        return new JobStatus(
                        3L,
                        Phase.SUCCEEDED,
                        "Succeeded",
                        "done",
                        "a",
                        START,
                        START.plusMillis(1),
                        value,
                        new JobError("E", "m", "s", value, false),
                        new Progress(12.5, "half of a quarter"),
                        List.of(new AttemptStatus(
                                1,
                                "a-1",
                                "uid",
                                "node",
                                START,
                                START.plusMillis(1),
                                0,
                                null,
                                "Succeeded",
                                null,
                                List.of("line"),
                                List.of(new Emit(7, "e", value)),
                                Long.MAX_VALUE)),
                        List.of(new ConditionBuilder()
                                .withType("Complete")
                                .withStatus("True")
                                .withReason("Succeeded")
                                .withMessage("")
                                .withLastTransitionTime(START.toString())
                                .withObservedGeneration(3L)
                                .build()))
                .withTelemetry(new Telemetry(2, START, 1L << 40, 1L << 41, 12.5, 3, Map.of("any", value)));
    }
}
