package dev.podwork.context.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of the operator's own, which signs one certificate: the context server's. */
public final class CertificateAuthority {

    /** The name in the server's certificate, which relays verify. */
    public static final String SERVER_NAME = "podwork-context";

    static final Duration CA_LIFE = Duration.ofDays(3650);
    static final Duration LEAF_LIFE = Duration.ofDays(90);
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final int MAX_RACES = 5;

    private final IdentityStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public CertificateAuthority(IdentityStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The identity to serve with now: the stored one, made or renewed where it must be. May block. */
    public TlsIdentity identity() {
        for (int race = 0; race < MAX_RACES; race++) {
            Optional<IdentityStore.Stored> stored = store.read();
            TlsIdentity current = stored.map(IdentityStore.Stored::identity)
                    .filter(identity -> lifeLeft(identity.caCertificate()) > LEAF_LIFE.toMillis())
                    .orElse(null);
            if (current != null && lifeLeft(current.certificate()) > LEAF_LIFE.toMillis() / 3) {
                return current;
            }
            TlsIdentity next = current == null ? create() : renew(current);
            if (store.write(next, stored.orElse(null))) {
                return next;
            }
        }
        throw new IllegalStateException("the context server's certificate was changed by others " + MAX_RACES
                + " times while it was being written");
    }

    private long lifeLeft(String certificate) {
        return Pem.certificate(certificate)
                .map(read -> read.getNotAfter().toInstant().toEpochMilli() - clock.millis())
                .orElse(0L);
    }

    private TlsIdentity create() {
        try {
            KeyPair pair = keyPair();
            X500Name name = new X500Name("CN=podwork context authority");
            JcaX509v3CertificateBuilder builder = builder(name, name, pair, CA_LIFE);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            X509Certificate certificate = sign(builder, pair.getPrivate());
            return leaf(certificate, pair.getPrivate());
        } catch (GeneralSecurityException | CertIOException e) {
            throw new IllegalStateException("could not make a certificate authority", e);
        }
    }

    private TlsIdentity renew(TlsIdentity current) {
        X509Certificate ca = Pem.certificate(current.caCertificate()).orElseThrow();
        return Pem.privateKey(current.caKey()).map(key -> leaf(ca, key)).orElseGet(this::create);
    }

    private TlsIdentity leaf(X509Certificate ca, PrivateKey caKey) {
        try {
            KeyPair pair = keyPair();
            JcaX509v3CertificateBuilder builder = builder(
                    X500Name.getInstance(ca.getSubjectX500Principal().getEncoded()),
                    new X500Name("CN=" + SERVER_NAME),
                    pair,
                    LEAF_LIFE);
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, SERVER_NAME)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(ca.getPublicKey()));
            X509Certificate certificate = sign(builder, caKey);
            return new TlsIdentity(
                    Pem.write(ca), Pem.write(caKey), Pem.write(certificate), Pem.write(pair.getPrivate()));
        } catch (GeneralSecurityException | CertIOException e) {
            throw new IllegalStateException("could not make the context server's certificate", e);
        }
    }

    private JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair pair, Duration life) {
        Instant now = clock.instant();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, random),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(life)),
                subject,
                pair.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }
}
