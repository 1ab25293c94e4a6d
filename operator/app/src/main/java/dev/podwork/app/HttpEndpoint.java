package dev.podwork.app;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

/** What Kubernetes and Prometheus ask of the operator: {@code /healthz}, {@code /readyz} and {@code /metrics}. */
public final class HttpEndpoint {
    private final HttpServer server;
    private final PrometheusMeterRegistry metrics;
    private final Supplier<Health> health;

    /**
     * What the operator says of itself.
     *
     * @param live false when only a restart can help
     * @param ready whether Jobs are being taken care of
     * @param problem what is not well, for people; empty when all is
     */
    public record Health(boolean live, boolean ready, String problem) {}

    public HttpEndpoint(Vertx vertx, PrometheusMeterRegistry metrics, Supplier<Health> health) {
        this.metrics = metrics;
        this.health = health;
        this.server = vertx.createHttpServer().requestHandler(this::answer);
    }

    public Future<HttpServer> listen(int port) {
        return server.listen(port);
    }

    public Future<Void> close() {
        return server.close();
    }

    private void answer(HttpServerRequest request) {
        Health now = health.get();
        switch (request.path()) {
            case "/healthz" -> answer(request, now.live(), now.problem());
            case "/readyz" -> answer(request, now.ready(), now.problem());
            case "/metrics" ->
                request.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(metrics.scrape());
            default ->
                request.response()
                        .setStatusCode(404)
                        .end("there is /healthz, /readyz and /metrics here, but no " + request.path() + "\n");
        }
    }

    private static void answer(HttpServerRequest request, boolean well, String problem) {
        request.response().setStatusCode(well ? 200 : 503).end(well ? "ok\n" : problem + "\n");
    }
}
