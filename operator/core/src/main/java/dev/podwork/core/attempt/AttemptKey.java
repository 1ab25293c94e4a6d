package dev.podwork.core.attempt;

/**
 * Identity of an attempt. The pod's UID fences it: a later pod of the same name is another attempt.
 *
 * @param number 1 for the first
 */
public record AttemptKey(String namespace, String job, int number, String podName, String podUid) {}
