package dev.podwork.context.token;

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
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Map;

/** Signs tokens as a cluster does. */
public final class TokenSigner {
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    private final ECKey key;
    private final Clock clock;

    public TokenSigner(String keyId, Clock clock) {
        this.clock = clock;
        try {
            key = new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public Issuer issuer() {
        return new Issuer(ISSUER, new JWKSet(key.toPublicJWK()));
    }

    public String token(String namespace, String pod, String uid) {
        return sign(claims(namespace, pod, uid).build());
    }

    public JWTClaimsSet.Builder claims(String namespace, String pod, String uid) {
        Instant now = clock.instant();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("podwork")
                .subject("system:serviceaccount:" + namespace + ":default")
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(3600)))
                .claim("kubernetes.io", Map.of("namespace", namespace, "pod", Map.of("name", pod, "uid", uid)));
    }

    public String sign(JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
