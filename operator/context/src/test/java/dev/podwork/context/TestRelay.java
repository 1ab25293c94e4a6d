package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.context.tls.CertificateAuthority;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.relay.Frame;
import dev.podwork.protocol.relay.FrameReader;
import dev.podwork.protocol.relay.FrameWriter;
import dev.podwork.protocol.relay.ProtocolException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Relay and shim in one, doing exactly what a test says, over real TLS with the server's name verified. */
public final class TestRelay implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket plain;
    private final SSLSocket socket;
    private final InputStream in;

    private TestRelay(Socket plain, SSLSocket socket) throws IOException {
        this.plain = plain;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static SSLContext trusting(String caCertificate) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(caCertificate.getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestRelay connect(int port, SSLContext trust) {
        try {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
            plain.setTcpNoDelay(true);
            SSLSocket socket = (SSLSocket)
                    trust.getSocketFactory().createSocket(plain, CertificateAuthority.SERVER_NAME, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.startHandshake();
            return new TestRelay(plain, socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestRelay hello(String token) {
        return send(new Frame.Hello(1, token, "test"));
    }

    /** Says who it is, and is let in. */
    TestRelay enter(String token) {
        hello(token);
        assertThat(next()).isEqualTo(new Frame.Welcome());
        return this;
    }

    Frame.Attached attach(String session, long received) {
        send(new Frame.Attach(session, received));
        return next(Frame.Attached.class);
    }

    TestRelay send(Frame frame) {
        return raw(FrameWriter.write(frame));
    }

    TestRelay message(long seq, String json) {
        return send(new Frame.Msg(seq, json));
    }

    TestRelay call(long seq, int id, String method, String params) {
        return message(
                seq, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    TestRelay raw(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line; null when the server has ended the connection. */
    @Nullable
    Frame next() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int read = in.read(); read != '\n'; read = in.read()) {
                if (read < 0) {
                    return null;
                }
                line.write(read);
            }
            return FrameReader.read(line.toByteArray());
        } catch (ProtocolException e) {
            throw new IllegalStateException(e);
        } catch (SocketException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <F extends Frame> F next(Class<F> type) {
        Frame frame = next();
        assertThat(frame).isInstanceOf(type);
        return type.cast(frame);
    }

    /** The next JSON-RPC message, which must have this number; acknowledgements before it are skipped. */
    JsonNode message(long seq) {
        Frame frame = nextButAck();
        assertThat(frame).isInstanceOf(Frame.Msg.class);
        Frame.Msg msg = (Frame.Msg) frame;
        assertThat(msg.seq()).isEqualTo(seq);
        try {
            return Json.mapper().readTree(msg.json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nullable
    Frame nextButAck() {
        Frame frame = next();
        while (frame instanceof Frame.Ack) {
            frame = next();
        }
        return frame;
    }

    /** Reads until everything up to a number is acknowledged, and no more than that. */
    void acknowledged(long seq) {
        long last = 0;
        while (last < seq) {
            last = next(Frame.Ack.class).seq();
        }
        assertThat(last).isEqualTo(seq);
    }

    boolean isEnded() {
        return nextButAck() == null;
    }

    @Override
    public void close() {
        try {
            // TLS would wait for a write that is stuck, and relays are not polite either.
            plain.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
