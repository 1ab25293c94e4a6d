package dev.podwork.context.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.podwork.context.state.SettableClock;
import dev.podwork.protocol.relay.RefusalCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TokenVerifierTest {
    private final SettableClock clock = new SettableClock();
    private final TokenSigner signer = new TokenSigner("key-1", clock);
    private final AtomicInteger fetches = new AtomicInteger();
    private TokenSigner published = signer;
    private final TokenVerifier verifier = new TokenVerifier(
            () -> {
                fetches.incrementAndGet();
                return CompletableFuture.completedFuture(published.issuer());
            },
            clock);

    private PodIdentity verify(String token) {
        return verifier.verify(token).toCompletableFuture().join();
    }

    private JWTClaimsSet.Builder claims() {
        return signer.claims("ns", "pod", "uid");
    }

    private Date in(Duration time) {
        return Date.from(clock.instant().plus(time));
    }

    @Test
    void aPodsTokenTellsThePod() {
        assertThat(verify(signer.token("ns", "pod", "uid"))).isEqualTo(new PodIdentity("ns", "pod", "uid"));
    }

    @Test
    void clocksMayDifferALittle() {
        verify(signer.sign(claims().expirationTime(in(Duration.ofSeconds(-5))).build()));
        verify(signer.sign(claims().notBeforeTime(in(Duration.ofSeconds(5))).build()));
    }

    @TestFactory
    Stream<DynamicTest> refusals() throws JOSEException {
        JWTClaimsSet good = claims().build();
        SignedJWT symmetric = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(), good);
        symmetric.sign(new MACSigner(new byte[32]));
        String token = signer.sign(good);
        return Map.<String, Object[]>ofEntries(
                        refused("empty", "", RefusalCode.BAD_TOKEN),
                        refused("no JWT", "secret", RefusalCode.BAD_TOKEN),
                        refused("unsigned", new PlainJWT(good).serialize(), RefusalCode.BAD_TOKEN),
                        refused("signed with a password", symmetric.serialize(), RefusalCode.BAD_TOKEN),
                        refused(
                                "another signature",
                                token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(86),
                                RefusalCode.BAD_TOKEN),
                        refused(
                                "another cluster's key of the same name",
                                new TokenSigner("key-1", clock).sign(good),
                                RefusalCode.BAD_TOKEN),
                        refused("an unknown key", new TokenSigner("key-2", clock).sign(good), RefusalCode.BAD_TOKEN),
                        refused(
                                "issuer",
                                signer.sign(claims().issuer("https://other").build()),
                                RefusalCode.BAD_TOKEN),
                        refused("no issuer", signer.sign(claims().issuer(null).build()), RefusalCode.BAD_TOKEN),
                        refused(
                                "audience",
                                signer.sign(claims().audience("https://kubernetes.default.svc")
                                        .build()),
                                RefusalCode.BAD_TOKEN),
                        refused(
                                "no audience",
                                signer.sign(claims().audience((String) null).build()),
                                RefusalCode.BAD_TOKEN),
                        refused(
                                "expired",
                                signer.sign(claims().expirationTime(in(Duration.ofSeconds(-11)))
                                        .build()),
                                RefusalCode.TOKEN_EXPIRED),
                        refused(
                                "no expiry",
                                signer.sign(claims().expirationTime(null).build()),
                                RefusalCode.TOKEN_EXPIRED),
                        refused(
                                "not yet",
                                signer.sign(claims().notBeforeTime(in(Duration.ofSeconds(11)))
                                        .build()),
                                RefusalCode.BAD_TOKEN),
                        refused(
                                "not bound to a pod",
                                signer.sign(claims().claim("kubernetes.io", Map.of("namespace", "ns"))
                                        .build()),
                                RefusalCode.BAD_TOKEN),
                        refused(
                                "claims of another shape",
                                signer.sign(claims().claim("kubernetes.io", "x").build()),
                                RefusalCode.BAD_TOKEN),
                        refused(
                                "no UID",
                                signer.sign(claims().claim(
                                                "kubernetes.io",
                                                Map.of("namespace", "ns", "pod", Map.of("name", "pod")))
                                        .build()),
                                RefusalCode.BAD_TOKEN))
                .entrySet()
                .stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(),
                        () -> assertRefused((String) row.getValue()[0], (RefusalCode) row.getValue()[1])));
    }

    private static Map.Entry<String, Object[]> refused(String name, String token, RefusalCode code) {
        return Map.entry(name, new Object[] {token, code});
    }

    private void assertRefused(String token, RefusalCode code) {
        assertThatThrownBy(() -> verify(token))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TokenException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code))
                .message()
                .satisfies(message ->
                        assertThat(token.isEmpty() || !message.contains(token)).isTrue());
    }

    @Test
    void keysAreFetchedOnceAndAgainForAnUnknownOneButNotAllTheTime() {
        for (int i = 0; i < 3; i++) {
            verify(signer.token("ns", "pod", "uid"));
        }
        assertThat(fetches).hasValue(1);
        TokenSigner next = new TokenSigner("key-2", clock);
        for (int i = 0; i < 100; i++) {
            assertRefused(next.token("ns", "pod", "uid"), RefusalCode.BAD_TOKEN);
        }
        assertThat(fetches).hasValue(1);
        clock.advance(Duration.ofSeconds(10));
        published = next;
        verify(next.token("ns", "pod", "uid"));
        assertThat(fetches).hasValue(2);
    }

    @Test
    void aFailedFetchIsSaidAndTriedAgainLater() {
        AtomicInteger tries = new AtomicInteger();
        TokenVerifier failing = new TokenVerifier(
                () -> tries.incrementAndGet() == 1
                        ? CompletableFuture.failedFuture(new IllegalStateException("no route"))
                        : CompletableFuture.completedFuture(signer.issuer()),
                clock);
        String token = signer.sign(claims().expirationTime(Date.from(Instant.parse("2027-01-01T00:00:00Z")))
                .build());
        assertThatThrownBy(() -> failing.verify(token).toCompletableFuture().join())
                .cause()
                .isInstanceOfSatisfying(
                        TokenException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(RefusalCode.OVERLOADED));
        clock.advance(Duration.ofSeconds(10));
        assertThat(failing.verify(token).toCompletableFuture().join()).isNotNull();
    }
}
