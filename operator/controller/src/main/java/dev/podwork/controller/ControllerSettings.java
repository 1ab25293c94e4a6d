package dev.podwork.controller;

import dev.podwork.core.pod.PodSettings;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the controllers are told from outside.
 *
 * @param pods asked for each pod that is made, because the context server's address and certificate may change
 * @param namespaces the namespaces to watch; empty for all
 */
public record ControllerSettings(Supplier<PodSettings> pods, Set<String> namespaces) {

    public ControllerSettings {
        namespaces = Set.copyOf(namespaces);
    }
}
