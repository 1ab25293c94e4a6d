package dev.podwork.app;

import dev.podwork.app.HttpEndpoint.Health;
import dev.podwork.app.Settings.InvalidSettingsException;
import dev.podwork.context.ContextServerSettings;
import dev.podwork.context.state.KubernetesStateStore;
import dev.podwork.context.stream.StreamSink;
import dev.podwork.context.tls.SecretIdentityStore;
import dev.podwork.context.token.KubernetesIssuerKeys;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator in its pod. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final int BAD_SETTINGS = 2;
    private static final int STATE_CACHE_BYTES = 64 * 1024 * 1024;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            run(Settings.from(System.getenv()));
        } catch (InvalidSettingsException e) {
            System.err.println("podwork: " + e.getMessage());
            System.exit(BAD_SETTINGS);
        } catch (RuntimeException e) {
            // Non-daemon threads would keep a half-started operator alive; the kubelet starts it again.
            log.error("could not start", e);
            System.exit(1);
        }
    }

    private static void run(Settings settings) {
        KubernetesClient client = new KubernetesClientBuilder().build();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        List.of(
                        new JvmMemoryMetrics(),
                        new JvmGcMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics())
                .forEach(binder -> binder.bindTo(meters));
        AtomicReference<@Nullable PodworkOperator> running = new AtomicReference<>();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        new HttpEndpoint(vertx, meters, () -> health(running.get()))
                .listen(settings.httpPort())
                .toCompletionStage()
                .toCompletableFuture()
                .join();

        PodworkOperator operator = new PodworkOperator(client, place(client, settings), meters, Clock.systemUTC());
        running.set(operator);
        Runtime.getRuntime().addShutdownHook(new Thread(operator::close, "shutdown"));
        operator.start();
        log.info("ready; namespaces: {}", settings.watchNamespaces().isEmpty() ? "all" : settings.watchNamespaces());
    }

    private static Health health(@Nullable PodworkOperator operator) {
        return operator == null ? new Health(true, false, "the API server has not answered yet") : operator.health();
    }

    private static PodworkOperator.Place place(KubernetesClient client, Settings settings) {
        ExecutorService blocking = Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task, "kubernetes");
            thread.setDaemon(true);
            return thread;
        });
        String address = clusterIp(client, settings) + ":" + settings.contextPort();
        return new PodworkOperator.Place(
                settings.watchNamespaces(),
                ContextServerSettings.defaults().withPort(settings.contextPort()),
                new SecretIdentityStore(client, settings.namespace(), settings.tlsSecret()),
                new KubernetesIssuerKeys(client, blocking),
                new KubernetesStateStore(client, blocking, Clock.systemUTC(), STATE_CACHE_BYTES),
                StreamSink.NONE,
                new PodworkOperator.Images(
                        settings.relayImage(),
                        settings.pythonImage(),
                        settings.nodeImage(),
                        settings.imagePullPolicy()),
                port -> address);
    }

    private static String clusterIp(KubernetesClient client, Settings settings) {
        Service service = client.services()
                .inNamespace(settings.namespace())
                .withName(settings.contextService())
                .get();
        if (service == null) {
            throw new IllegalStateException("there is no Service " + settings.contextService() + " in namespace "
                    + settings.namespace() + ": PODWORK_CONTEXT_SERVICE must name the one in front of this operator");
        }
        String ip = service.getSpec().getClusterIP();
        if (ip == null || ip.isEmpty() || "None".equals(ip)) {
            throw new IllegalStateException("Service " + settings.contextService()
                    + " has no cluster IP: it must not be" + " headless, since relays connect by address");
        }
        return ip.contains(":") ? "[" + ip + "]" : ip;
    }
}
