package dev.podwork.context.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.podwork.protocol.relay.RefusalCode;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells from a service-account token which pod has it: by signature and claims, with no call to anybody. Thread-safe. */
public final class TokenVerifier {
    public static final String AUDIENCE = "podwork";

    private static final Logger log = LoggerFactory.getLogger(TokenVerifier.class);
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);
    private static final Duration LEEWAY = Duration.ofSeconds(10);
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(10);

    private final IssuerKeys source;
    private final Clock clock;
    private final DefaultJWSVerifierFactory verifiers = new DefaultJWSVerifierFactory();
    private @Nullable Issuer issuer;
    private @Nullable CompletableFuture<Issuer> refresh;
    private Instant refreshedAt = Instant.MIN;

    public TokenVerifier(IssuerKeys source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    /** The pod; fails with {@link TokenException}. Completes at once unless the keys must be fetched. */
    public CompletionStage<PodIdentity> verify(String token) {
        SignedJWT jwt;
        try {
            jwt = SignedJWT.parse(token);
        } catch (ParseException e) {
            return refused(RefusalCode.BAD_TOKEN, "the token is not a signed JWT");
        }
        if (!ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
            return refused(RefusalCode.BAD_TOKEN, "the token's algorithm is not one of those allowed");
        }
        Issuer known = known();
        if (known != null && !candidates(known, jwt.getHeader()).isEmpty()) {
            return verify(jwt, known);
        }
        return refreshed().thenCompose(fresh -> verify(jwt, fresh));
    }

    private synchronized @Nullable Issuer known() {
        return issuer;
    }

    /** The keys, fetched anew unless that was just done: tokens with made-up key ids must not become requests. */
    private synchronized CompletionStage<Issuer> refreshed() {
        CompletableFuture<Issuer> last = refresh;
        if (last != null && clock.instant().isBefore(refreshedAt.plus(REFRESH_INTERVAL))) {
            return last;
        }
        refreshedAt = clock.instant();
        CompletableFuture<Issuer> next = source.fetch()
                .handle((fetched, failure) -> keep(fetched, failure))
                .toCompletableFuture();
        refresh = next;
        return next;
    }

    private synchronized Issuer keep(@Nullable Issuer fetched, @Nullable Throwable failure) {
        if (fetched != null) {
            issuer = fetched;
            return fetched;
        }
        log.warn("could not fetch the issuer's keys: {}", String.valueOf(failure));
        Issuer former = issuer;
        if (former != null) {
            return former;
        }
        throw new TokenException(
                RefusalCode.OVERLOADED, "the cluster's token keys could not be fetched yet; try again");
    }

    private CompletionStage<PodIdentity> verify(SignedJWT jwt, Issuer by) {
        try {
            if (!isSigned(jwt, by)) {
                return refused(RefusalCode.BAD_TOKEN, "the token is not signed by this cluster");
            }
            return CompletableFuture.completedFuture(pod(jwt.getJWTClaimsSet(), by));
        } catch (ParseException | JOSEException e) {
            return refused(RefusalCode.BAD_TOKEN, "the token cannot be read");
        } catch (TokenException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private boolean isSigned(SignedJWT jwt, Issuer by) throws JOSEException {
        for (JWK key : candidates(by, jwt.getHeader())) {
            if (key instanceof AsymmetricJWK asymmetric
                    && jwt.verify(verifiers.createJWSVerifier(jwt.getHeader(), asymmetric.toPublicKey()))) {
                return true;
            }
        }
        return false;
    }

    private static List<JWK> candidates(Issuer by, JWSHeader header) {
        return new JWKSelector(JWKMatcher.forJWSHeader(header)).select(by.keys());
    }

    private PodIdentity pod(JWTClaimsSet claims, Issuer by) throws ParseException {
        if (!by.name().equals(claims.getIssuer())) {
            throw new TokenException(RefusalCode.BAD_TOKEN, "the token's issuer is not this cluster");
        }
        if (!claims.getAudience().contains(AUDIENCE)) {
            throw new TokenException(RefusalCode.BAD_TOKEN, "the token's audience must be " + AUDIENCE);
        }
        Date expires = claims.getExpirationTime();
        if (expires == null || clock.instant().isAfter(expires.toInstant().plus(LEEWAY))) {
            throw new TokenException(RefusalCode.TOKEN_EXPIRED, "the token has expired");
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && clock.instant().isBefore(notBefore.toInstant().minus(LEEWAY))) {
            throw new TokenException(RefusalCode.BAD_TOKEN, "the token is not valid yet");
        }
        Map<?, ?> kubernetes = object(claims.getJSONObjectClaim("kubernetes.io"));
        Map<?, ?> pod = object(kubernetes.get("pod"));
        return new PodIdentity(text(kubernetes.get("namespace")), text(pod.get("name")), text(pod.get("uid")));
    }

    private static Map<?, ?> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new TokenException(RefusalCode.BAD_TOKEN, "the token is not bound to a pod");
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new TokenException(RefusalCode.BAD_TOKEN, "the token is not bound to a pod");
    }

    private static CompletionStage<PodIdentity> refused(RefusalCode code, String message) {
        return CompletableFuture.failedFuture(new TokenException(code, message));
    }
}
