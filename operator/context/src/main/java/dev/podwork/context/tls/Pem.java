package dev.podwork.context.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/** Certificates and EC keys as text. What is not readable is empty: it is then made anew. */
final class Pem {
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    static String write(X509Certificate certificate) throws GeneralSecurityException {
        return write("CERTIFICATE", certificate.getEncoded());
    }

    static String write(PrivateKey key) {
        return write("PRIVATE KEY", key.getEncoded());
    }

    private static String write(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + BASE64.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    static Optional<X509Certificate> certificate(String pem) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
            return Optional.of((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    static Optional<PrivateKey> privateKey(String pem) {
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            byte[] der = Base64.getDecoder().decode(body);
            return Optional.of(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
