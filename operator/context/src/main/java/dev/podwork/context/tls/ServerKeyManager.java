package dev.podwork.context.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Presents one identity, which may be exchanged while connections come in. */
public final class ServerKeyManager extends X509ExtendedKeyManager {
    private static final String ALIAS = "server";

    private volatile Material material;

    private record Material(X509Certificate certificate, PrivateKey key) {
        static Material of(TlsIdentity identity) {
            return new Material(
                    Pem.certificate(identity.certificate())
                            .orElseThrow(() -> new IllegalArgumentException("the certificate is not readable")),
                    Pem.privateKey(identity.key())
                            .orElseThrow(() -> new IllegalArgumentException("the key is not readable")));
        }
    }

    public ServerKeyManager(TlsIdentity identity) {
        material = Material.of(identity);
    }

    /** For connections from now on. */
    public void present(TlsIdentity identity) {
        material = Material.of(identity);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return ALIAS;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return new X509Certificate[] {material.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return material.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
