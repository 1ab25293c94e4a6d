package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Definitions that change, or go, while their jobs run. */
class RevisionTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void a_running_attempt_keeps_its_code_and_the_next_one_has_the_new() {
        TestWorker worker = sandbox.python("""
                import time

                def handler(job, ctx):
                    time.sleep(5)
                    raise ValueError("the old code")
                """).attempts(2);
        TestJob job = worker.start().running();
        definition(worker)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"source\":{\"inline\":\"def handler(job, ctx): return 'the new code'\"}}}");

        assertThat(job.succeeded().textValue()).isEqualTo("the new code");
        List<AttemptStatus> attempts = job.get().getStatus().attempts();
        assertThat(attempts.get(0).message()).contains("the old code");
        assertThat(attempts)
                .extracting(AttemptStatus::workerRevision)
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    @Test
    void a_pinned_job_is_tried_again_with_its_own_code() {
        TestWorker worker = sandbox.python("""
                import time

                def handler(job, ctx):
                    if ctx.attempt == 1:
                        time.sleep(5)
                        raise ValueError("once")
                    return "the old code"
                """).attempts(2);
        TestJob job = worker.start().running();
        String revision = job.pin();
        definition(worker)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"source\":{\"inline\":\"def handler(job, ctx): return 'the new code'\"}}}");

        assertThat(job.succeeded().textValue()).isEqualTo("the old code");
        assertThat(job.get().getStatus().attempts())
                .extracting(AttemptStatus::workerRevision)
                .containsExactly(revision, revision);
        assertThat(CommandLine.kubectl(
                        "-n",
                        sandbox.namespace(),
                        "get",
                        "controllerrevisions",
                        "-l",
                        "podwork.dev/worker=" + worker.name()))
                .contains(worker.name() + "-" + revision);
    }

    @Test
    void a_deleted_definition_lets_its_job_finish() {
        TestWorker worker = sandbox.python("""
                import time

                def handler(job, ctx):
                    time.sleep(5)
                    return "finished"
                """);
        TestJob job = worker.start().running();
        definition(worker).delete();

        JobStatus status = job.ended();
        assertThat(job.succeeded().textValue()).isEqualTo("finished");
        assertThat(status.worker()).isEqualTo(worker.name());
    }

    private static Resource<WorkerDefinition> definition(TestWorker worker) {
        return Cluster.CLIENT
                .resources(WorkerDefinition.class)
                .inNamespace(sandbox.namespace())
                .withName(worker.name());
    }
}
