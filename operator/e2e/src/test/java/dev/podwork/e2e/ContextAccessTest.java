package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Only the relay of a Job's own pod is let in, and whoever is not let in costs nothing lasting. */
class ContextAccessTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    private static @Nullable TestJob job;

    @BeforeAll
    static void aJobThatRuns() {
        job = sandbox.shell("sleep 600").start();
        job.await(
                "its pod has a relay",
                status -> status.phase() != null && !status.attempts().isEmpty());
    }

    @Test
    void the_pods_own_token_is_welcome() throws Exception {
        assertThat(hello(Tokens.of(worker(), "podwork"))).contains("welcome");
    }

    @Test
    void no_token_is_refused() throws Exception {
        assertRefused("BadHello", "{\"hello\":{\"protocol\":1,\"version\":\"test\"}}");
    }

    @Test
    void what_is_no_hello_is_refused() throws Exception {
        assertRefused("BadHello", "GET / HTTP/1.1");
    }

    @Test
    void what_is_no_token_is_refused() throws Exception {
        assertRefused("BadToken", helloLine("let me in"));
    }

    @Test
    void a_token_for_another_audience_is_refused() throws Exception {
        assertRefused("BadToken", helloLine(Tokens.of(worker(), "vault")));
    }

    @Test
    void another_pods_token_is_refused() throws Exception {
        assertRefused("UnknownPod", helloLine(Tokens.of(foreignPod(), "podwork")));
    }

    @Test
    void a_token_signed_by_somebody_else_is_refused() throws Exception {
        String token = Tokens.of(worker(), "podwork");
        int signature = token.lastIndexOf('.') + 1;
        String forged = token.substring(0, signature) + new StringBuilder(token.substring(signature)).reverse();
        assertRefused("BadToken", helloLine(forged));
    }

    @Test
    void an_expired_token_is_refused() throws Exception {
        assertRefused("TokenExpired", helloLine(Tokens.expired(worker())));
    }

    @Test
    void clients_that_never_speak_are_hung_up_on_while_jobs_go_on() throws Exception {
        List<ContextClient> silent = new ArrayList<>();
        Instant begin = Instant.now();
        try {
            for (int i = 0; i < 10; i++) {
                silent.add(ContextClient.connect(sandbox.installation()));
                silent.add(ContextClient.connect(sandbox.installation()).trusting(worker()));
            }
            assertThat(sandbox.python("def handler(job, ctx):\n    return 'done'\n")
                            .start()
                            .succeeded()
                            .textValue())
                    .isEqualTo("done");
            for (ContextClient client : silent) {
                client.waitForHangUp();
            }
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofMinutes(1));
        } finally {
            for (ContextClient client : silent) {
                client.close();
            }
        }
    }

    private static void assertRefused(String code, String line) throws Exception {
        double before = sandbox.installation().metric("podwork_context_refused_total", "code=\"" + code + "\"");
        try (ContextClient client =
                ContextClient.connect(sandbox.installation()).trusting(worker())) {
            assertThat(client.say(line)).contains("refused", "\"" + code + "\"");
            client.waitForHangUp();
        }
        assertThat(sandbox.installation().metric("podwork_context_refused_total", "code=\"" + code + "\""))
                .as("refusals that the operator counted")
                .isGreaterThan(before);
    }

    private static @Nullable String hello(String token) throws Exception {
        try (ContextClient client =
                ContextClient.connect(sandbox.installation()).trusting(worker())) {
            return client.say(helloLine(token));
        }
    }

    private static String helloLine(String token) {
        return "{\"hello\":{\"protocol\":1,\"token\":\"" + token + "\",\"version\":\"test\"}}";
    }

    private static Pod worker() {
        return java.util.Objects.requireNonNull(job).pod();
    }

    /** A pod that is no Job's; it need not run to have a token. */
    private static Pod foreignPod() {
        return Cluster.CLIENT
                .resource(new PodBuilder(worker())
                        .withNewMetadata()
                        .withName("foreign")
                        .withNamespace(sandbox.namespace())
                        .endMetadata()
                        .editSpec()
                        .withNodeName(null)
                        .withNodeSelector(java.util.Map.of("podwork.dev/nowhere", "true"))
                        .endSpec()
                        .withStatus(null)
                        .build())
                .create();
    }
}
