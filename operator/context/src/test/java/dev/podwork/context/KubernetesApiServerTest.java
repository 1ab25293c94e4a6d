package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.context.tls.CertificateAuthority;
import dev.podwork.context.tls.SecretIdentityStore;
import dev.podwork.context.tls.TlsIdentity;
import dev.podwork.context.token.KubernetesIssuerKeys;
import dev.podwork.context.token.PodIdentity;
import dev.podwork.context.token.TokenVerifier;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Certificates and tokens as a real API server keeps and signs them. */
@Tag("apiserver")
@ExtendWith(ApiServer.class)
class KubernetesApiServerTest {
    private static final String NAMESPACE = "default";
    private final KubernetesClient client;

    KubernetesApiServerTest(KubernetesClient client) {
        this.client = client;
    }

    @Test
    void replicasThatStartTogetherServeTheSameIdentity() {
        List<CompletableFuture<TlsIdentity>> replicas = IntStream.range(0, 6)
                .mapToObj(replica -> CompletableFuture.supplyAsync(() -> new CertificateAuthority(
                                new SecretIdentityStore(client, NAMESPACE, "podwork-context"), Clock.systemUTC())
                        .identity()))
                .toList();
        assertThat(replicas.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        Secret secret = client.secrets()
                .inNamespace(NAMESPACE)
                .withName("podwork-context")
                .require();
        assertThat(secret.getData()).containsOnlyKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
    }

    @Test
    void aSecretThatIsThereButEmptyIsFilled() {
        client.secrets()
                .inNamespace(NAMESPACE)
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("empty")
                        .endMetadata()
                        .build())
                .create();
        CertificateAuthority authority =
                new CertificateAuthority(new SecretIdentityStore(client, NAMESPACE, "empty"), Clock.systemUTC());
        TlsIdentity identity = authority.identity();
        assertThat(authority.identity()).isEqualTo(identity);
    }

    @Test
    void aTokenThatTheClusterBoundToAPodTellsThatPod() {
        client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .endMetadata()
                        .build())
                .unlock()
                .createOr(account -> account.update());
        Pod pod = client.pods()
                .inNamespace(NAMESPACE)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("a-1")
                        .endMetadata()
                        .withNewSpec()
                        .withServiceAccountName("default")
                        .withAutomountServiceAccountToken(false)
                        .addNewContainer()
                        .withName("worker")
                        .withImage("none")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        TokenRequest request = client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName("default")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences("podwork")
                        .withNewBoundObjectRef()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName("a-1")
                        .withUid(pod.getMetadata().getUid())
                        .endBoundObjectRef()
                        .endSpec()
                        .build());
        TokenVerifier verifier = new TokenVerifier(new KubernetesIssuerKeys(client, Runnable::run), Clock.systemUTC());
        assertThat(verifier.verify(request.getStatus().getToken())
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new PodIdentity(NAMESPACE, "a-1", pod.getMetadata().getUid()));
    }
}
