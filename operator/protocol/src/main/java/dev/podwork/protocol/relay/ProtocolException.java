package dev.podwork.protocol.relay;

/** The other side does not speak the relay protocol: the connection must end. */
public final class ProtocolException extends Exception {
    public ProtocolException(String message) {
        super(message);
    }
}
