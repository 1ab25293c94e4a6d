package dev.podwork.context.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podwork.context.ApiServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("apiserver")
@ExtendWith(ApiServer.class)
class KubernetesStateStoreApiServerTest extends StateStoreContract {
    private static final int CACHE_BYTES = 1 << 20;

    private final KubernetesClient client;
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final StateStore store;

    KubernetesStateStoreApiServerTest(KubernetesClient client) {
        this.client = client;
        store = new KubernetesStateStore(client, executor, clock, CACHE_BYTES);
    }

    @AfterEach
    void close() {
        store.close();
        executor.shutdown();
    }

    @Override
    StateStore store() {
        return store;
    }

    /** A ConfigMap stands for the Job: to the API server an owner is an owner. */
    @Override
    OwnerReference job(String name) {
        ConfigMap owner = client.configMaps()
                .inNamespace("default")
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .unlock()
                .createOr(NonDeletingOperation::update);
        return new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName(name)
                .withUid(owner.getMetadata().getUid())
                .build();
    }

    private ConfigMap stored() {
        return client.configMaps()
                .inNamespace("default")
                .withName(StateObject.name(scope))
                .require();
    }

    @Test
    void anotherServerReadsWhatOneKept() {
        set(store.open(scope, job("first")), "key", "{\"n\":1}");
        try (StateStore other = new KubernetesStateStore(client, executor, clock, CACHE_BYTES)) {
            assertThat(get(other.open(scope, job("first")), "key")).contains(json("{\"n\":1}"));
        }
    }

    @Test
    void theObjectShowsWhoseItIsAndGoesWithTheJobsThatUsedIt() {
        State first = store.open(scope, job("first"));
        State second = store.open(scope, job("second"));
        assertThat(get(second, "key")).isEmpty();
        set(first, "key", "1");
        assertThat(stored().getData()).containsOnlyKeys("key.key");
        assertThat(stored().getMetadata().getLabels()).containsEntry("app.kubernetes.io/managed-by", "podwork");
        assertThat(stored().getMetadata().getAnnotations()).containsEntry(StateObject.SCOPE, scope.id());
        assertThat(stored().getMetadata().getOwnerReferences())
                .extracting(OwnerReference::getName)
                .containsExactly("first");
        // Whoever reads it needs it, too.
        assertThat(get(second, "key")).contains(json("1"));
        Awaitility.await()
                .untilAsserted(() -> assertThat(stored().getMetadata().getOwnerReferences())
                        .allSatisfy(owner -> assertThat(owner.getController()).isNotEqualTo(true))
                        .extracting(OwnerReference::getName)
                        .containsExactly("first", "second"));
    }

    @Test
    void changesThatComeDuringAWriteGoTogether() {
        State state = store.open(scope, job("first"));
        set(state, "key", "0");
        long before = writes();
        List<CompletionStage<Void>> pending = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            pending.add(state.set("key" + i % 10, json(String.valueOf(i)), null));
        }
        pending.forEach(StateStoreContract::await);
        assertThat(writes() - before).isBetween(1L, 50L);
        assertThat(get(state, "key9")).contains(json("499"));
    }

    private long writes() {
        return client.raw("/metrics")
                .lines()
                .filter(line -> line.startsWith("apiserver_request_total")
                        && line.contains("resource=\"configmaps\"")
                        && line.contains("verb=\"PUT\""))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void twoServersLoseNothingOfEachOther() {
        try (StateStore other = new KubernetesStateStore(client, executor, clock, CACHE_BYTES)) {
            State here = store.open(scope, job("first"));
            State there = other.open(scope, job("first"));
            List<CompletionStage<Void>> pending = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pending.add(here.set("here" + i, json("1"), null));
                pending.add(there.set("there" + i, json("2"), null));
            }
            pending.forEach(StateStoreContract::await);
            try (StateStore third = new KubernetesStateStore(client, executor, clock, CACHE_BYTES)) {
                State reader = third.open(scope, job("first"));
                for (int i = 0; i < 20; i++) {
                    assertThat(get(reader, "here" + i)).contains(json("1"));
                    assertThat(get(reader, "there" + i)).contains(json("2"));
                }
            }
        }
    }

    @Test
    void anObjectThatSomebodyDeletedIsMadeAgain() {
        State state = store.open(scope, job("first"));
        set(state, "key", "1");
        client.configMaps().resource(stored()).delete();
        set(state, "other", "2");
        assertThat(stored().getData()).containsOnlyKeys("key.other");
        assertThat(get(state, "key")).isEmpty();
    }

    @Test
    void whatNobodyHasAskedForInAWhileIsReadAnew() {
        State state = store.open(scope, job("first"));
        set(state, "key", "1");
        client.configMaps().resource(stored()).delete();
        assertThat(get(state, "key")).contains(json("1"));
        clock.advance(Duration.ofMinutes(1));
        assertThat(get(state, "key")).isEmpty();
    }

    @Test
    void idleScopesMakeRoom() {
        String big = '"' + "x".repeat(200_000) + '"';
        for (int i = 0; i < 12; i++) {
            set(store.open(new StateScope("default", scope.id() + i), job("first")), "key", big);
        }
        for (int i = 0; i < 12; i++) {
            assertThat(get(store.open(new StateScope("default", scope.id() + i), job("first")), "key"))
                    .contains(json(big));
        }
    }

    @Test
    void anObjectOfSomebodyElseIsLeftAlone() {
        client.configMaps()
                .inNamespace("default")
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(StateObject.name(scope))
                        .endMetadata()
                        .addToData("mine", "yes")
                        .build())
                .create();
        State state = store.open(scope, job("first"));
        assertThatThrownBy(() -> set(state, "key", "1"))
                .isInstanceOfSatisfying(
                        StateException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(StateException.Kind.REFUSED))
                .hasMessageContaining(StateObject.name(scope));
        assertThat(stored().getData()).containsOnlyKeys("mine");
    }

    @Test
    void theApiServersRefusalIsTold() {
        State state = store.open(new StateScope("no-such-namespace", "flow/x"), job("first"));
        assertThatThrownBy(() -> set(state, "key", "1"))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("no-such-namespace");
    }
}
