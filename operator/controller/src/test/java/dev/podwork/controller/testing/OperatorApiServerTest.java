package dev.podwork.controller.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator in a namespace of its own on a real API server. */
@Tag("apiserver")
@ExtendWith(ApiServer.class)
public abstract class OperatorApiServerTest {

    protected final KubernetesClient client;
    protected final FakeKubelet kubelet;
    protected TestOperator operator;

    protected OperatorApiServerTest(KubernetesClient client) {
        this.client = client;
        this.kubelet = new FakeKubelet(client);
        this.operator = new TestOperator(client, ApiServer.namespace(client, Map.of()), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        operator.close();
    }
}
