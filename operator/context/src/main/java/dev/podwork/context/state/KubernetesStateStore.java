package dev.podwork.context.state;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Keeps state in ConfigMaps, one for each scope, in the job's namespace; they go with the jobs that used them. */
public final class KubernetesStateStore implements StateStore {
    private final KubernetesClient client;
    private final Executor executor;
    private final Clock clock;
    private final int maxCachedBytes;
    private long cachedBytes;
    /** From the one not used for the longest time. */
    private final Map<StateScope, KubernetesScope> scopes = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Works through a client.
     *
     * @param executor where its blocking calls are made
     * @param maxCachedBytes how much of idle scopes stays in memory
     */
    public KubernetesStateStore(KubernetesClient client, Executor executor, Clock clock, int maxCachedBytes) {
        this.client = client;
        this.executor = executor;
        this.clock = clock;
        this.maxCachedBytes = maxCachedBytes;
    }

    @Override
    public State open(StateScope scope, OwnerReference job) {
        return new KubernetesState(this, scope, job);
    }

    @Override
    public void close() {
        synchronized (scopes) {
            scopes.clear();
        }
    }

    Clock clock() {
        return clock;
    }

    Executor executor() {
        return executor;
    }

    /** The one of a scope, through which all who use it go. */
    KubernetesScope scope(StateScope scope) {
        synchronized (scopes) {
            KubernetesScope found = scopes.computeIfAbsent(scope, none -> new KubernetesScope(this, scope));
            found.use();
            return found;
        }
    }

    /** A scope takes more or less memory than before. Those not used at the moment must go when there is too little. */
    void resized(int bytes) {
        synchronized (scopes) {
            cachedBytes += bytes;
            Iterator<KubernetesScope> oldest = scopes.values().iterator();
            while (cachedBytes > maxCachedBytes && oldest.hasNext()) {
                KubernetesScope candidate = oldest.next();
                if (candidate.isIdle()) {
                    cachedBytes -= candidate.bytes();
                    oldest.remove();
                }
            }
        }
    }

    /** Blocks. */
    StateObject read(StateScope scope) {
        try {
            ConfigMap map = client.configMaps()
                    .inNamespace(scope.namespace())
                    .withName(StateObject.name(scope))
                    .get();
            if (map == null) {
                return StateObject.absent();
            }
            if (!StateObject.isOf(scope, map)) {
                throw new StateException(
                        StateException.Kind.REFUSED,
                        "the ConfigMap " + StateObject.name(scope) + " is not Podwork's; delete or rename it");
            }
            return StateObject.of(map);
        } catch (KubernetesClientException e) {
            throw failure("read", e);
        }
    }

    /** Blocks. Empty when somebody else wrote in between, or deleted the object. */
    Optional<StateObject> write(StateScope scope, StateObject next) {
        Resource<ConfigMap> resource = client.configMaps().resource(next.toConfigMap(scope));
        try {
            ConfigMap written = next.version() == null ? resource.create() : resource.update();
            return Optional.of(
                    new StateObject(written.getMetadata().getResourceVersion(), next.entries(), next.owners()));
        } catch (KubernetesClientException e) {
            boolean gone = e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && next.version() != null;
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || gone) {
                return Optional.empty();
            }
            throw failure("written", e);
        }
    }

    private static StateException failure(String what, KubernetesClientException e) {
        boolean refused = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN || e.getCode() == 422 || e.getCode() == 400;
        String words = e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage());
        return new StateException(
                refused ? StateException.Kind.REFUSED : StateException.Kind.UNAVAILABLE,
                "state could not be " + what + ": " + words);
    }
}
