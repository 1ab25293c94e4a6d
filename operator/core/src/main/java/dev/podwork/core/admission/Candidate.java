package dev.podwork.core.admission;

/**
 * A WorkerDefinition that would do for a job.
 *
 * @param rank those of the lowest rank that have room share the load; others are asked when none of these has any
 */
public record Candidate(WorkerKey worker, int rank) {}
