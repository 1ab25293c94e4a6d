package dev.podwork.context.tls;

/**
 * An authority and the server certificate that it signed, all as PEM.
 *
 * @param caCertificate what a relay is given to trust
 */
public record TlsIdentity(String caCertificate, String caKey, String certificate, String key) {

    @Override
    public String toString() {
        return "TlsIdentity[keys hidden]";
    }
}
