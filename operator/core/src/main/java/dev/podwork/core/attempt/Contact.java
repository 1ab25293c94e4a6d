package dev.podwork.core.attempt;

import java.time.Instant;

/**
 * The session that there is with an attempt's worker.
 *
 * @param heardAt when anything was last heard of the worker: a message, or that it connected
 * @param connected whether it can be told something now
 */
public record Contact(Instant heardAt, boolean connected) {}
