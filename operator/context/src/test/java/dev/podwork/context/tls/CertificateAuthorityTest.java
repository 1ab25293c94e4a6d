package dev.podwork.context.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.podwork.context.state.SettableClock;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    private final SettableClock clock = new SettableClock();
    private final MemoryIdentityStore store = new MemoryIdentityStore();
    private final CertificateAuthority authority = new CertificateAuthority(store, clock);

    @Test
    void theServersCertificateIsSignedForItsName() throws CertificateParsingException {
        TlsIdentity identity = authority.identity();
        X509Certificate ca = Pem.certificate(identity.caCertificate()).orElseThrow();
        X509Certificate leaf = Pem.certificate(identity.certificate()).orElseThrow();
        assertThatCode(() -> leaf.verify(ca.getPublicKey())).doesNotThrowAnyException();
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, "podwork-context"));
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(leaf.getSerialNumber().signum()).isPositive();
    }

    @Test
    void theSameIdentityServesUntilAThirdOfItsLifeIsLeft() {
        TlsIdentity first = authority.identity();
        assertThat(authority.identity()).isEqualTo(first);
        clock.advance(Duration.ofDays(59));
        assertThat(authority.identity()).isEqualTo(first);
        clock.advance(Duration.ofDays(2));
        TlsIdentity second = authority.identity();
        assertThat(second.certificate()).isNotEqualTo(first.certificate());
        assertThat(second.caCertificate()).isEqualTo(first.caCertificate());
        assertThat(authority.identity()).isEqualTo(second);
    }

    @Test
    void anAuthorityNearItsEndIsReplaced() {
        TlsIdentity first = authority.identity();
        clock.advance(Duration.ofDays(3600));
        assertThat(authority.identity().caCertificate()).isNotEqualTo(first.caCertificate());
    }

    @Test
    void whatCannotBeReadIsMadeAnew() {
        TlsIdentity good = authority.identity();
        for (TlsIdentity broken : List.of(
                new TlsIdentity("", "", "", ""),
                new TlsIdentity("garbage", good.caKey(), good.certificate(), good.key()),
                new TlsIdentity(good.caCertificate(), "garbage", "garbage", good.key()))) {
            store.write(broken, store.read().orElseThrow());
            TlsIdentity made = authority.identity();
            assertThat(Pem.certificate(made.certificate())).isPresent();
            assertThat(authority.identity()).isEqualTo(made);
        }
    }

    @Test
    void theOneThatWasQuickerWins() {
        TlsIdentity others = new CertificateAuthority(new MemoryIdentityStore(), clock).identity();
        AtomicInteger writes = new AtomicInteger();
        IdentityStore contested = new IdentityStore() {
            @Override
            public Optional<Stored> read() {
                return store.read();
            }

            @Override
            public boolean write(TlsIdentity identity, @Nullable Stored replaced) {
                writes.incrementAndGet();
                store.write(others, null);
                return false;
            }
        };
        assertThat(new CertificateAuthority(contested, clock).identity()).isEqualTo(others);
        assertThat(writes).hasValue(1);
    }

    @Test
    void aRenewedIdentityServesTheConnectionsFromThenOn() {
        TlsIdentity first = authority.identity();
        ServerKeyManager keys = new ServerKeyManager(first);
        assertThat(keys.getCertificateChain("server"))
                .containsExactly(Pem.certificate(first.certificate()).orElseThrow());
        clock.advance(Duration.ofDays(61));
        TlsIdentity second = authority.identity();
        keys.present(second);
        assertThat(keys.getCertificateChain("server"))
                .containsExactly(Pem.certificate(second.certificate()).orElseThrow());
        assertThat(keys.getPrivateKey("server"))
                .isEqualTo(Pem.privateKey(second.key()).orElseThrow());
    }

    @Test
    void keysAreNotPrinted() {
        assertThat(authority.identity().toString()).doesNotContain("KEY");
    }
}
