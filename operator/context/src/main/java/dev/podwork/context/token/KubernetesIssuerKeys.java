package dev.podwork.context.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.JWKSet;
import dev.podwork.protocol.Json;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.text.ParseException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The cluster's own issuer, as its API server publishes it. */
public final class KubernetesIssuerKeys implements IssuerKeys {
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String KEYS = "/openid/v1/jwks";

    private final KubernetesClient client;
    private final Executor executor;

    /**
     * Reads through a client.
     *
     * @param executor where its blocking calls are made
     */
    public KubernetesIssuerKeys(KubernetesClient client, Executor executor) {
        this.client = client;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Issuer> fetch() {
        return CompletableFuture.supplyAsync(this::read, executor);
    }

    private Issuer read() {
        try {
            JsonNode discovery = Json.mapper().readTree(raw(DISCOVERY));
            String name = discovery.path("issuer").asText("");
            if (name.isEmpty()) {
                throw new IllegalStateException("the API server's " + DISCOVERY + " names no issuer");
            }
            return new Issuer(name, JWKSet.parse(raw(KEYS)));
        } catch (IOException | ParseException e) {
            throw new IllegalStateException("the API server's token keys cannot be read", e);
        }
    }

    private String raw(String path) {
        String body = client.raw(path);
        if (body == null) {
            throw new IllegalStateException("the API server has no " + path);
        }
        return body;
    }
}
