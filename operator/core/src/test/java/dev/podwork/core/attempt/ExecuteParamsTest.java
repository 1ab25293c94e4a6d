package dev.podwork.core.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podwork.api.job.FlowReference;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobSpecBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;

class ExecuteParamsTest {

    private static final JsonMapper JSON = new JsonMapper();

    /** The example of docs/workers/jsonrpc.md. */
    @Test
    void aJobByItsType() throws JsonProcessingException {
        Job job = job(
                "train-1",
                JobSpecBuilder.builder()
                        .type("train_model")
                        .data(JSON.readTree("{\"samples\":[1,2]}"))
                        .build());

        assertThat(ExecuteParams.of(job, "train-model", 1)).isEqualTo(JSON.readTree("""
                                {"job":{"id":"train-1","name":"train_model","type":"train_model","data":{"samples":[1,2]},
                                        "queue":"train-model","attempt":1},
                                 "context":{"jobId":"train-1","queue":"train-model","flowId":null,"flowName":null,
                                            "stepName":"train_model","stepId":"train-1__train_model__attempt-1","attempt":1}}
                                """));
    }

    @Test
    void aStepOfAFlow() throws JsonProcessingException {
        Job job = job(
                "j",
                JobSpecBuilder.builder()
                        .worker("w")
                        .flow(new FlowReference("f-7", "etl", "load"))
                        .build());

        assertThat(ExecuteParams.of(job, "w", 2)).isEqualTo(JSON.readTree("""
                                {"job":{"id":"j","name":"load","type":"w","data":null,"queue":"w","attempt":2},
                                 "context":{"jobId":"j","queue":"w","flowId":"f-7","flowName":"etl","stepName":"load",
                                            "stepId":"f-7__load__attempt-2","attempt":2}}
                                """));
    }

    @Test
    void aFlowWithoutAStepsName() {
        Job job = job(
                "j",
                JobSpecBuilder.builder()
                        .worker("w")
                        .flow(new FlowReference("f-7", null, null))
                        .build());

        assertThat(ExecuteParams.of(job, "w", 1).at("/context/stepId").textValue())
                .isEqualTo("f-7__w__attempt-1");
    }

    @Test
    void whatTheJobSaysOfItself() throws JsonProcessingException {
        String spec = "{\"worker\":\"w\",\"stream\":false,\"metadata\":{\"priority\":5,\"created_at\":null}}";
        Job job = job("j", JSON.readValue(spec, JobSpec.class));

        assertThat(ExecuteParams.of(job, "w", 1).at("/job/metadata"))
                .isEqualTo(JSON.readTree("{\"priority\":5,\"created_at\":null}"));
        assertThat(ExecuteParams.of(job, "w", 1).at("/context/stream").toString())
                .isEqualTo("false");
    }

    private static Job job(String name, JobSpec spec) {
        Job job = new Job();
        job.setMetadata(new ObjectMetaBuilder().withName(name).build());
        job.setSpec(spec);
        return job;
    }
}
