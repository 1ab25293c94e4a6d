package dev.podwork.app;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;

/**
 * Starts the operator while its image is built, against an API server that has next to nothing in it, and ends when it is ready. The
 * classes that this loads are archived ({@code -XX:ArchiveClassesAtExit}), which halves the time that a start takes.
 */
final class Rehearsal {
    private static final String WORKER = """
            {"apiVersion":"podwork.dev/v1alpha1","kind":"WorkerDefinition",
             "metadata":{"name":"w","namespace":"n","uid":"1","resourceVersion":"1","generation":1,
                         "creationTimestamp":"2026-01-01T00:00:00Z"},
             "spec":{"runtime":"python","source":{"file":"worker.py"}}}""";
    private static final String JOB = """
            {"apiVersion":"podwork.dev/v1alpha1","kind":"Job",
             "metadata":{"name":"j","namespace":"n","uid":"2","resourceVersion":"1","generation":1,
                         "creationTimestamp":"2026-01-01T00:00:00Z"},
             "spec":{"worker":"w","data":{}}}""";

    private static final String NOTHING_YET = """
            {"type":"BOOKMARK","object":{"apiVersion":"v1","kind":"Pod","metadata":{"resourceVersion":"1"}}}
            """;

    private Rehearsal() {}

    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(Rehearsal::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        System.setProperty("kubernetes.master", "http://127.0.0.1:" + server.actualPort());
        System.setProperty("kubernetes.auth.tryServiceAccount", "false");
        System.setProperty("kubernetes.auth.tryKubeConfig", "false");
        Main.main(arguments);

        // The Job's way to its pod comes after that.
        vertx.timer(1, TimeUnit.SECONDS)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        System.exit(0);
    }

    private static void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response().putHeader("Content-Type", "application/json");
        String path = request.path();
        if (!request.method().equals(HttpMethod.GET)) {
            request.body().onSuccess(body -> response.end(path.endsWith("/status") ? Buffer.buffer(JOB) : body));
        } else if (request.headers().contains("Upgrade")) {
            // The client then watches by a plain request.
            response.end();
        } else if (request.getParam("watch") != null) {
            response.setChunked(true).write(NOTHING_YET);
        } else if (path.contains("/services/")) {
            response.end("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"spec\":{\"clusterIP\":\"127.0.0.1\"}}");
        } else if (path.endsWith("/workerdefinitions")) {
            response.end(list("WorkerDefinitionList", "podwork.dev/v1alpha1", WORKER));
        } else if (path.endsWith("/jobs")) {
            response.end(list("JobList", "podwork.dev/v1alpha1", JOB));
        } else if (path.endsWith("/pods") || path.endsWith("/configmaps")) {
            response.end(list("List", "v1", ""));
        } else {
            response.setStatusCode(404)
                    .end(
                            "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"code\":404,\"reason\":\"NotFound\"}");
        }
    }

    private static String list(String kind, String version, String items) {
        return "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[%s]}"
                .formatted(version, kind, items);
    }
}
