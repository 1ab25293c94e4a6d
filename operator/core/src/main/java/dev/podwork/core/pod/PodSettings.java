package dev.podwork.core.pod;

import org.jspecify.annotations.Nullable;

/**
 * What all pods have from the operator's settings.
 *
 * @param relayImage image of the relay, which also carries the shim for images that lack it
 * @param pythonImage image of runtime python
 * @param nodeImage image of runtime node
 * @param imagePullPolicy for the three images above; null leaves the choice to the API server
 * @param server where relays find the context server, {@code host:port}
 * @param serverCa the CA that signed the server's certificate, as PEM
 */
public record PodSettings(
        String relayImage,
        String pythonImage,
        String nodeImage,
        @Nullable String imagePullPolicy,
        String server,
        String serverCa) {}
