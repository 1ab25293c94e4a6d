package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Any program in any image is a worker when it reads a line and writes one: no SDK, no network, no shell needed. */
class ArbitraryImageTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void a_shell_script_in_busybox_uses_state_and_answers() {
        TestJob job = sandbox.shell("""
                read -r execute
                id=${execute#*\\"id\\":}; id=${id%%,*}
                echo "got the job"
                echo '{"jsonrpc":"2.0","id":7,"method":"ctx.state.set","params":{"key":"greeting","value":"hello"}}'
                read -r set
                echo '{"jsonrpc":"2.0","id":8,"method":"ctx.state.get","params":{"key":"greeting"}}'
                read -r get
                echo '{"jsonrpc":"2.0","method":"ctx.logger.log","params":{"level":"info","message":"from a shell"}}'
                echo '{"jsonrpc":"2.0","id":'"$id"',"result":'"$get"'}'
                """).start();

        assertThat(job.succeeded().at("/result").textValue()).isEqualTo("hello");
        assertThat(job.log("worker")).contains("got the job", "from a shell");
    }

    @Test
    void a_static_program_in_an_image_with_nothing_else_answers() {
        TestJob job = sandbox.image(TestSettings.STATIC_IMAGE, "/worker")
                .data("{\"numbers\":[1,2,3]}")
                .start();

        assertThat(job.succeeded()).hasToString("{\"sum\":6}");
    }

    @Test
    void what_the_worker_leaves_behind_does_not_keep_the_job() {
        TestJob job = sandbox.shell("""
                read -r execute
                id=${execute#*\\"id\\":}; id=${id%%,*}
                sleep 3600 &
                echo '{"jsonrpc":"2.0","id":'"$id"',"result":"done"}'
                """).start();

        assertThat(job.succeeded().textValue()).isEqualTo("done");
        job.awaitPodEnd();
    }
}
