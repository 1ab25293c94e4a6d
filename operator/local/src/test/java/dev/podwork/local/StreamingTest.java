package dev.podwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import dev.podwork.context.stream.StreamPart;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results in parts: each is shown as it comes, by a worker that goes on only when it was. */
class StreamingTest {
    private static final Map<String, List<StreamPart>> PARTS = new ConcurrentHashMap<>();

    @TempDir
    private static Path folder;

    private static Laptop laptop;

    @BeforeAll
    static void start() {
        laptop = new Laptop(folder, (attempt, part) -> {
            PARTS.computeIfAbsent(attempt.job(), job -> new CopyOnWriteArrayList<>())
                    .add(part);
            return CompletableFuture.completedFuture(null);
        });
    }

    @AfterAll
    static void stop() {
        laptop.close();
    }

    @Test
    void theTextOfALoopsPartsIsJoined() throws IOException {
        Job job = create("loop", Protocol.MESSAGES, """
                import json, os, sys, time
                say = lambda **message: print(json.dumps(message), flush=True)
                say(type="ready", loaded_plugins=[])
                for line in sys.stdin:
                    request = json.loads(line)
                    if request["type"] == "execute":
                        job = request["job_id"]
                        say(type="stream_chunk", job_id=job, chunk="one ", is_final=False)
                        while not os.path.exists(request["go"]): time.sleep(0.01)
                        say(type="stream_chunk", job_id=job, chunk="two", is_final=True)
                        say(type="result", job_id=job, status="success", data={"streamed": True})
                    if request["type"] == "stop":
                        break
                """);

        await().until(() -> PARTS.containsKey("loop"));
        assertThat(status(job).phase()).isIn(null, Phase.RUNNING);
        assertThat(go("loop")).isTrue();
        assertThat(String.valueOf(ended(job).result())).isEqualTo("{\"streamed\":true,\"text\":\"one two\"}");
        assertThat(PARTS.get("loop"))
                .extracting(StreamPart::index, StreamPart::chunk, StreamPart::last)
                .containsExactly(tuple(0L, "\"one \"", false), tuple(1L, "\"two\"", true));
    }

    @Test
    void theLinesOfAServersAnswerAreItsParts() throws IOException {
        Job job = create("server", Protocol.HTTP, """
                import json, os, time
                from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

                class Worker(BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.begin("application/json")
                        self.wfile.write(b"{}")
                    def do_POST(self):
                        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "{}")
                        self.begin("application/x-ndjson")
                        if self.path == "/execute_stream":
                            self.wfile.write(b'{"n": 1}\\n')
                            while not os.path.exists(body["kwargs"]["go"]): time.sleep(0.01)
                            self.wfile.write(b'"two"\\n')
                    def begin(self, kind):
                        self.send_response(200)
                        self.send_header("Content-Type", kind)
                        self.end_headers()

                ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Worker).serve_forever()
                """);

        await().until(() -> PARTS.containsKey("server"));
        assertThat(go("server")).isTrue();
        assertThat(String.valueOf(ended(job).result())).isEqualTo("[{\"n\":1},\"two\"]");
        assertThat(PARTS.get("server")).extracting(StreamPart::chunk).containsExactly("{\"n\":1}", "\"two\"");
    }

    private static Job create(String name, Protocol protocol, String code) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(metadata(name));
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.PYTHON)
                .source(new Source(code, null, null))
                .protocol(protocol)
                .build());
        laptop.cluster().client().resource(definition).create();
        ObjectNode data = new ObjectMapper()
                .createObjectNode()
                .put("go", folder.resolve(name).toString());
        Job job = new Job();
        job.setMetadata(metadata(name));
        job.setSpec(
                new ObjectMapper().convertValue(Map.of("worker", name, "data", data, "stream", true), JobSpec.class));
        return laptop.cluster().client().resource(job).create();
    }

    /** Lets the worker go on. */
    private static boolean go(String name) throws IOException {
        return folder.resolve(name).toFile().createNewFile();
    }

    private static ObjectMeta metadata(String name) {
        return new ObjectMetaBuilder().withName(name).withNamespace("default").build();
    }

    private static JobStatus status(Job job) {
        JobStatus status = laptop.cluster().client().resource(job).get().getStatus();
        return status == null ? JobStatusBuilder.builder().build() : status;
    }

    private static JobStatus ended(Job job) {
        JobStatus status = laptop.end(job);
        assertThat(status.phase()).as(() -> String.valueOf(status)).isEqualTo(Phase.SUCCEEDED);
        return status;
    }
}
