package dev.podwork.core.admission;

/** The WorkerDefinition whose slots are asked for. */
public record WorkerKey(String namespace, String name) {}
