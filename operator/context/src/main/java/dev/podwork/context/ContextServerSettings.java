package dev.podwork.context;

import java.time.Duration;

/**
 * Where to listen, and how much patience and room there is for each client.
 *
 * @param host address to listen on
 * @param port 0 for any that is free
 * @param helloTimeout how long a client may be connected without saying who it is
 * @param maxStrangers how many clients may be connected at once that have not said it yet
 * @param maxBufferedBytes how much a session may have waiting, in each direction, before its connection is read no further
 * @param maxMemoryBytes how much all sessions may have waiting together
 * @param exitGrace how long the report of a worker's error waits for its exit, to carry both
 */
public record ContextServerSettings(
        String host,
        int port,
        Duration helloTimeout,
        int maxStrangers,
        int maxBufferedBytes,
        long maxMemoryBytes,
        Duration exitGrace) {

    public static ContextServerSettings defaults() {
        return new ContextServerSettings(
                "0.0.0.0",
                8443,
                Duration.ofSeconds(10),
                1024,
                4 * 1024 * 1024,
                Math.max(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 4),
                Duration.ofSeconds(2));
    }

    public ContextServerSettings withHost(String value) {
        return new ContextServerSettings(
                value, port, helloTimeout, maxStrangers, maxBufferedBytes, maxMemoryBytes, exitGrace);
    }

    public ContextServerSettings withPort(int value) {
        return new ContextServerSettings(
                host, value, helloTimeout, maxStrangers, maxBufferedBytes, maxMemoryBytes, exitGrace);
    }

    public ContextServerSettings withHelloTimeout(Duration value) {
        return new ContextServerSettings(host, port, value, maxStrangers, maxBufferedBytes, maxMemoryBytes, exitGrace);
    }

    public ContextServerSettings withMaxStrangers(int value) {
        return new ContextServerSettings(host, port, helloTimeout, value, maxBufferedBytes, maxMemoryBytes, exitGrace);
    }

    public ContextServerSettings withMaxBufferedBytes(int value) {
        return new ContextServerSettings(host, port, helloTimeout, maxStrangers, value, maxMemoryBytes, exitGrace);
    }

    public ContextServerSettings withMaxMemoryBytes(long value) {
        return new ContextServerSettings(host, port, helloTimeout, maxStrangers, maxBufferedBytes, value, exitGrace);
    }

    public ContextServerSettings withExitGrace(Duration value) {
        return new ContextServerSettings(
                host, port, helloTimeout, maxStrangers, maxBufferedBytes, maxMemoryBytes, value);
    }
}
