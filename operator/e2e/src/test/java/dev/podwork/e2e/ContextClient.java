package dev.podwork.e2e;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Somebody who connects to the context server as a relay would, or as one would not. */
final class ContextClient implements AutoCloseable {
    private static final int PORT = 7443;

    private final LocalPortForward forward;
    private final Socket plain;
    private @Nullable SSLSocket secure;

    private ContextClient(LocalPortForward forward, Socket plain) {
        this.forward = forward;
        this.plain = plain;
    }

    static ContextClient connect(Installation installation) throws IOException {
        Pod operator = installation.pod();
        LocalPortForward forward = Cluster.CLIENT
                .pods()
                .inNamespace(operator.getMetadata().getNamespace())
                .withName(operator.getMetadata().getName())
                .portForward(PORT);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), forward.getLocalPort());
        socket.setSoTimeout(30_000);
        return new ContextClient(forward, socket);
    }

    /** Speaks TLS, and trusts whom the relay of this pod is told to trust. */
    ContextClient trusting(Pod worker) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("podwork", authority(worker));
        trust.init(store);
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "podwork-context", PORT, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        secure = socket;
        return this;
    }

    /** Says a line, and returns the answer; null when the server hangs up without one. */
    @Nullable
    String say(String line) throws IOException {
        socket().getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        socket().getOutputStream().flush();
        return new BufferedReader(new InputStreamReader(socket().getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    /** Waits for the server to hang up, whatever it says before. */
    void waitForHangUp() throws IOException {
        try {
            socket().getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // a reset is an end, too
        }
    }

    private Socket socket() {
        return secure == null ? plain : secure;
    }

    private static Certificate authority(Pod worker) throws GeneralSecurityException {
        String pem = worker.getSpec().getInitContainers().stream()
                .map(Container::getEnv)
                .flatMap(java.util.List::stream)
                .filter(variable -> variable.getName().equals("PODWORK_SERVER_CA"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the relay is given no PODWORK_SERVER_CA"));
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() throws IOException {
        socket().close();
        forward.close();
    }
}
