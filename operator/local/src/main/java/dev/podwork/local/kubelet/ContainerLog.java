package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.Pod;

/** Where the lines go that containers write to stdout and stderr. Called by many threads. */
@FunctionalInterface
public interface ContainerLog {
    void line(Pod pod, String container, String line);
}
