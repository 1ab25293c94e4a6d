package dev.podwork.local.kubelet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.podwork.context.token.Issuer;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes the tokens that a cluster binds to pods, with a key of its own. */
public final class ServiceAccountTokens {
    static final String DEFAULT_ACCOUNT = "default";

    private static final String ISSUER = "https://kubernetes.default.svc.local";

    private final Clock clock;
    private final ECKey key;
    private final ECDSASigner signer;

    public ServiceAccountTokens(Clock clock) {
        this.clock = clock;
        try {
            key = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
            signer = new ECDSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java runtime can't make a P-256 key", e);
        }
    }

    /** Who signs, for the context server to verify against. */
    public Issuer issuer() {
        return new Issuer(ISSUER, new JWKSet(key.toPublicJWK()));
    }

    /** A token bound to the pod, as the kubelet would ask for it. */
    public String mint(Pod pod, String audience, Duration life) {
        String namespace = pod.getMetadata().getNamespace();
        String account =
                Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse(DEFAULT_ACCOUNT);
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("system:serviceaccount:" + namespace + ":" + account)
                .audience(List.of(audience))
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .jwtID(UUID.randomUUID().toString())
                .claim(
                        "kubernetes.io",
                        Map.of(
                                "namespace",
                                namespace,
                                "node",
                                Map.of("name", pod.getSpec().getNodeName()),
                                "pod",
                                Map.of(
                                        "name", pod.getMetadata().getName(),
                                        "uid", pod.getMetadata().getUid()),
                                "serviceaccount",
                                Map.of("name", account, "uid", accountUid(namespace, account))))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("could not sign a token", e);
        }
        return token.serialize();
    }

    /** Accounts are not objects here; the same one has the same UID all the same. */
    private static String accountUid(String namespace, String account) {
        return UUID.nameUUIDFromBytes((namespace + "/" + account).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
