package dev.podwork.context.token;

/** The pod that a token was given to. */
public record PodIdentity(String namespace, String name, String uid) {}
