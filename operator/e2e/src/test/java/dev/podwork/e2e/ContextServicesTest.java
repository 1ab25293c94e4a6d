package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a worker has over its two pipes: state, log, progress, emit. */
class ContextServicesTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void the_jobs_of_a_flow_share_state() {
        sandbox.python("""
                async def handler(job, ctx):
                    await ctx.state.set("model", {"version": 1})
                    await ctx.state.set("gone", 1)
                    await ctx.state.delete("gone")
                """).flow("shared").start().succeeded();

        JsonNode seen = sandbox.node("""
                export default async (job, ctx) => [await ctx.state.get('model'), await ctx.state.get('gone')]
                """).flow("shared").start().succeeded();

        assertThat(seen).hasToString("[{\"version\":1},null]");
    }

    @Test
    void another_flow_and_a_job_without_one_have_their_own_state() {
        String code = """
                async def handler(job, ctx):
                    before = await ctx.state.get("k")
                    await ctx.state.set("k", 1)
                    return before
                """;
        assertThat(sandbox.python(code).flow("one").start().succeeded().isNull())
                .isTrue();
        assertThat(sandbox.python(code).flow("two").start().succeeded().isNull())
                .isTrue();
        assertThat(sandbox.python(code).start().succeeded().isNull()).isTrue();
        assertThat(sandbox.python(code).start().succeeded().isNull()).isTrue();
    }

    @Test
    void state_with_a_ttl_goes_after_so_many_milliseconds() {
        JsonNode seen = sandbox.python("""
                import asyncio

                async def handler(job, ctx):
                    await ctx.state.set("short", 1, {"ttl": 1000})
                    before = await ctx.state.get("short")
                    await asyncio.sleep(1.5)
                    return [before, await ctx.state.get("short")]
                """).start().succeeded();

        assertThat(seen).hasToString("[1,null]");
    }

    @Test
    void progress_is_in_the_status_while_the_job_runs() {
        TestJob job = sandbox.python("""
                import asyncio

                async def handler(job, ctx):
                    await ctx.progress(40, "training")
                    while not await ctx.state.get("go"):
                        await asyncio.sleep(0.2)
                    return "done"
                """).flow("waits").start();

        Progress during =
                job.await("progress", status -> status.progress() != null).progress();
        assertThat(during).isEqualTo(new Progress(40, "training"));

        sandbox.python("""
                async def handler(job, ctx):
                    await ctx.state.set("go", True)
                """).flow("waits").start().succeeded();
        assertThat(job.succeeded().textValue()).isEqualTo("done");
    }

    @Test
    void emits_are_recorded_in_order_awaited_or_not() {
        TestJob job = sandbox.python("""
                async def handler(job, ctx):
                    ctx.emit({"type": "emit", "data": {"name": "model.trained", "accuracy": 0.5}})
                    await ctx.flow.emit("model.saved", {"path": "/models/1"})
                    ctx.flow.emit("all.done")
                """).start();

        job.succeeded();
        assertThat(job.attempt().emits())
                .extracting(Emit::name)
                .containsExactly("model.trained", "model.saved", "all.done");
        assertThat(job.attempt().emits().get(0).payload()).hasToString("{\"accuracy\":0.5}");
        assertThat(job.attempt().emits().get(1).payload()).hasToString("{\"path\":\"/models/1\"}");
    }

    @Test
    void what_is_logged_is_in_kubectl_logs() {
        TestJob job = sandbox.node("""
                export default async (job, ctx) => {
                  ctx.logger.log('warn', 'low memory', { free: 12 })
                  console.log('plain')
                }
                """).start();

        job.succeeded();
        assertThat(CommandLine.kubectl("-n", sandbox.namespace(), "logs", job.name() + "-1", "-c", "worker"))
                .containsIgnoringCase("warn")
                .contains("low memory", "\"free\":12", "plain");
    }

    @Test
    void the_job_and_its_context_have_every_field() {
        JsonNode seen =
                sandbox.python("""
                def handler(job, ctx):
                    return {"job": dict(job), "ctx": [ctx.jobId, ctx.queue, ctx.flowId, ctx.flowName, ctx.stepName, ctx.stepId, ctx.attempt]}
                """).data("{\"samples\":[1]}").flow("f1").start().succeeded();

        String id = seen.at("/job/id").textValue();
        String queue = seen.at("/job/queue").textValue();
        assertThat(seen.at("/job/data")).hasToString("{\"samples\":[1]}");
        assertThat(seen.at("/job/attempt").intValue()).isEqualTo(1);
        assertThat(seen.at("/ctx"))
                .hasToString("[\"%s\",\"%s\",\"f1\",\"flow\",\"%s\",\"f1__%s__attempt-1\",1]"
                        .formatted(id, queue, queue, queue));
    }
}
