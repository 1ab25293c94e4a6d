package dev.podwork.local.kubelet;

import java.util.List;
import java.util.Optional;

/**
 * Containers run in a session of their own: a Ctrl-C in the terminal is for us alone, who then end them in order. Where there is
 * no {@code setsid} (macOS) they get it too.
 */
final class Session {
    static final List<String> PREFIX = Optional.ofNullable(System.getenv("PATH"))
            .map(path -> ContainerCommand.find("setsid", path))
            .map(program -> List.of(program.toString()))
            .orElse(List.of());

    private Session() {}
}
