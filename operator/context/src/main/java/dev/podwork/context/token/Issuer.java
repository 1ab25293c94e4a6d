package dev.podwork.context.token;

import com.nimbusds.jose.jwk.JWKSet;

/**
 * Who signs tokens.
 *
 * @param name the {@code iss} claim
 * @param keys the public keys
 */
public record Issuer(String name, JWKSet keys) {}
