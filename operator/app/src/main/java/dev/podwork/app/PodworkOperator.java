package dev.podwork.app;

import dev.podwork.app.HttpEndpoint.Health;
import dev.podwork.context.ContextServer;
import dev.podwork.context.ContextServerSettings;
import dev.podwork.context.state.StateStore;
import dev.podwork.context.stream.StreamSink;
import dev.podwork.context.tls.CertificateAuthority;
import dev.podwork.context.tls.IdentityStore;
import dev.podwork.context.token.IssuerKeys;
import dev.podwork.controller.ControllerSettings;
import dev.podwork.controller.Controllers;
import dev.podwork.core.pod.PodSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.RuntimeInfo;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import java.util.function.IntFunction;

/** Controllers and context server put together; the same on a cluster and on a laptop. */
public final class PodworkOperator implements AutoCloseable {
    private final ContextServer context;
    private final Controllers controllers;
    private volatile boolean started;

    /**
     * What differs from place to place.
     *
     * @param namespaces the namespaces to watch; empty for all
     * @param context where the context server listens
     * @param identities where its certificate authority is kept
     * @param issuerKeys who signs the pods' tokens
     * @param states where workers' state lives
     * @param streams who shows parts of results while jobs run
     * @param images the images that pods are made of
     * @param address from the context server's port to the {@code host:port} that relays connect to
     */
    public record Place(
            Set<String> namespaces,
            ContextServerSettings context,
            IdentityStore identities,
            IssuerKeys issuerKeys,
            StateStore states,
            StreamSink streams,
            Images images,
            IntFunction<String> address) {}

    /** Images of the pods, and the pull policy of the three. */
    public record Images(String relay, String python, String node, String pullPolicy) {}

    public PodworkOperator(KubernetesClient client, Place place, MeterRegistry meters, Clock clock) {
        Sessions sessions = new Sessions();
        CertificateAuthority authority = new CertificateAuthority(place.identities(), clock);
        context = new ContextServer(
                place.context(),
                authority,
                place.issuerKeys(),
                sessions,
                place.states(),
                place.streams(),
                meters,
                clock);
        ControllerSettings settings = new ControllerSettings(
                () -> new PodSettings(
                        place.images().relay(),
                        place.images().python(),
                        place.images().node(),
                        place.images().pullPolicy(),
                        place.address().apply(context.port()),
                        context.caCertificate()),
                place.namespaces());
        controllers = new Controllers(
                client,
                settings,
                sessions,
                clock,
                meters,
                sdk -> sdk.withMetrics(MicrometerMetrics.withoutPerResourceMetrics(meters)));
        sessions.connect(context, controllers.attempts());
    }

    /** Returns when Jobs are being taken care of. The context server comes first: the first pod needs its address. */
    public void start() {
        context.start();
        controllers.start();
        started = true;
    }

    public Health health() {
        if (!started) {
            return new Health(true, false, "starting: the caches of Jobs, WorkerDefinitions and pods are being filled");
        }
        RuntimeInfo runtime = controllers.operator().getRuntimeInfo();
        return runtime.allEventSourcesAreHealthy()
                ? new Health(true, true, "")
                : new Health(
                        true,
                        false,
                        "not in sync with the API server: "
                                + runtime.unhealthyInformerWrappingEventSourceHealthIndicator()
                                        .keySet());
    }

    /** Pods go on without an operator; whoever starts next takes over from the objects. */
    @Override
    public void close() {
        controllers.close();
        context.close();
    }
}
