package dev.podwork.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.awaitility.Awaitility;

/** Service-account tokens, as the kubelet gets them for pods. */
final class Tokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SHORTEST = Duration.ofMinutes(10);
    /** More than any clock difference that a server may forgive. */
    private static final Duration WELL_OVER = Duration.ofMinutes(5);

    private Tokens() {}

    static String of(Pod pod, String audience) {
        return Cluster.CLIENT
                .serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(audience)
                        .withExpirationSeconds(SHORTEST.toSeconds())
                        .withNewBoundObjectRef()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName(pod.getMetadata().getName())
                        .withUid(pod.getMetadata().getUid())
                        .endBoundObjectRef()
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    /** A token that was good once: signed with the cluster's key where the suite is given it, otherwise by waiting. */
    static String expired(Pod pod) throws IOException, GeneralSecurityException {
        String token = of(pod, "podwork");
        if (TestSettings.TOKEN_KEY != null) {
            return aged(token, Path.of(TestSettings.TOKEN_KEY));
        }
        Instant over = Instant.now().plus(SHORTEST).plus(WELL_OVER);
        Awaitility.await("the token's expiry")
                .atMost(SHORTEST.plus(WELL_OVER).plusMinutes(1))
                .pollInterval(Duration.ofSeconds(10))
                .until(() -> Instant.now().isAfter(over));
        return token;
    }

    private static String aged(String token, Path keyFile) throws IOException, GeneralSecurityException {
        String header = token.substring(0, token.indexOf('.'));
        String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
        ObjectNode claims = (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(payload));
        long end = Instant.now().minus(WELL_OVER).getEpochSecond();
        claims.put("exp", end);
        claims.put("iat", end - SHORTEST.toSeconds());
        claims.put("nbf", end - SHORTEST.toSeconds());
        String signed = header + "." + base64(JSON.writeValueAsBytes(claims));
        Signature signature = Signature.getInstance("SHA256withRSA");
        String pem = Files.readString(keyFile).replaceAll("-----[A-Z ]+-----|\\s", "");
        signature.initSign(KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))));
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
