package dev.podwork.e2e;

import dev.podwork.api.worker.WorkerRuntime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A namespace for the tests of one class, in a cluster with Podwork. It enforces restricted Pod Security: so every test that
 * runs a pod in it shows that the operator's pods comply.
 */
final class Sandbox implements BeforeAllCallback, AfterAllCallback {
    private @Nullable Installation installation;
    private @Nullable String namespace;

    @Override
    public void beforeAll(ExtensionContext context) {
        installation = Installation.of(context);
        namespace = Cluster.restrictedNamespace(
                context.getRequiredTestClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Cluster.deleteNamespace(namespace());
    }

    String namespace() {
        return java.util.Objects.requireNonNull(namespace);
    }

    Installation installation() {
        return java.util.Objects.requireNonNull(installation);
    }

    /** A worker in Python: the file with its handler. */
    TestWorker python(String code) {
        return new TestWorker(this, WorkerRuntime.PYTHON).source(code);
    }

    /** A worker in JavaScript: the module with its handler. */
    TestWorker node(String code) {
        return new TestWorker(this, WorkerRuntime.NODE).source(code);
    }

    /** A worker that is any program in any image. */
    TestWorker image(String image, String... command) {
        return new TestWorker(this, WorkerRuntime.IMAGE).image(image).command(command);
    }

    /** A shell script in busybox: no SDK, no launcher. */
    TestWorker shell(String script) {
        return image(TestSettings.BUSYBOX, "sh", "-c", script);
    }

    /**
     * A Python program that speaks JSON-RPC itself, without our SDK: so it can say things that an SDK never would. It has
     * {@code execute} (the request), {@code send}, {@code call} and {@code result}.
     */
    TestWorker program(String code) {
        return python("""
                import json, os, sys, time

                execute = json.loads(sys.stdin.readline())

                def send(**message):
                    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\\n")
                    sys.stdout.flush()

                def call(method, params, id=100):
                    send(id=id, method=method, params=params)
                    while True:
                        answer = json.loads(sys.stdin.readline())
                        if answer.get("id") == id:
                            return answer

                def result(value):
                    send(id=execute["id"], result=value)

                """ + code).command("python3", "-u", "/worker/worker.py");
    }

    /** The Job of this name, whoever made it. */
    TestJob job(String name) {
        return new TestJob(this, name);
    }
}
