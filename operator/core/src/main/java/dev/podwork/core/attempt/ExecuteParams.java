package dev.podwork.core.attempt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.FlowReference;
import dev.podwork.api.job.Job;

/** Builds the params of a worker's {@code execute} request, field by field as docs/workers/jsonrpc.md lists them. */
public final class ExecuteParams {

    private ExecuteParams() {}

    public static ObjectNode of(Job job, String worker, int attempt) {
        String id = job.getMetadata().getName();
        String type = job.getSpec().type() == null ? worker : job.getSpec().type();
        FlowReference flow = job.getSpec().flow();
        String flowId = flow == null ? null : flow.id();
        String flowName = flow == null ? null : flow.name();
        String step = flow == null || flow.step() == null ? type : flow.step();

        ObjectNode params = JsonNodeFactory.instance.objectNode();
        params.putObject("job")
                .put("id", id)
                .put("name", step)
                .put("type", type)
                .set("data", job.getSpec().data());
        params.withObject("/job").put("queue", worker).put("attempt", attempt);
        if (job.getSpec().metadata() != null) {
            params.withObject("/job").putObject("metadata").setAll(job.getSpec().metadata());
        }
        params.putObject("context")
                .put("jobId", id)
                .put("queue", worker)
                .put("flowId", flowId)
                .put("flowName", flowName)
                .put("stepName", step)
                .put("stepId", "%s__%s__attempt-%d".formatted(flowId == null ? id : flowId, step, attempt))
                .put("attempt", attempt);
        if (job.getSpec().stream() != null) {
            params.withObject("/context").put("stream", job.getSpec().stream());
        }
        return params;
    }
}
