package dev.podwork.local.kubelet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A container's first process. With it end all that it started, as with the first process of a container. */
final class ContainerProcess {
    private static final int TERMINATION_MESSAGE_BYTES = 4096;
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

    /** @param message what the container left in its termination log */
    record End(int exitCode, String message, Instant startedAt, Instant finishedAt) {}

    private final ContainerCommand command;
    private final Process process;
    private final Instant startedAt;
    private final Clock clock;
    private final CompletableFuture<End> ended;

    private ContainerProcess(
            ContainerCommand command,
            Process process,
            Instant startedAt,
            Thread output,
            Executor executor,
            Clock clock) {
        this.clock = clock;
        this.command = command;
        this.process = process;
        this.startedAt = startedAt;
        this.ended = process.onExit().thenApplyAsync(exited -> end(exited, output), executor);
    }

    /** @param lines gets each line that the container writes, as it comes; not to be called by two threads at once */
    static ContainerProcess start(ContainerCommand command, Consumer<String> lines, Executor executor, Clock clock) {
        command.check();
        List<String> arguments = new ArrayList<>(Session.PREFIX);
        arguments.addAll(command.command());
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .directory(command.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        builder.environment().put(ContainerCommand.MARK, command.sandbox().toString());
        try {
            Files.createDirectories(command.sandbox());
            Files.deleteIfExists(command.terminationLog());
            Files.createFile(command.terminationLog());
            Process process = builder.start();
            InputStream stream = process.getInputStream();
            Thread output = new Thread(() -> new OutputLines(lines).read(stream), command.container() + " output");
            output.setDaemon(true);
            output.start();
            return new ContainerProcess(command, process, clock.instant(), output, executor, clock);
        } catch (IOException e) {
            throw new PodStartException("StartError", String.valueOf(e.getMessage()));
        }
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Completes when the process and all that it started have ended, and their output is read. */
    CompletableFuture<End> ended() {
        return ended;
    }

    /** SIGTERM to the first process; SIGKILL to all of them when it takes longer than {@code grace}. */
    void stop(Duration grace) {
        // Not Process.destroy: it would close the process's output, and its last words would kill it.
        process.toHandle().destroy();
        Executor later = CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS);
        later.execute(this::kill);
    }

    void kill() {
        if (process.isAlive()) {
            process.toHandle().destroyForcibly();
        }
    }

    private End end(Process exited, Thread output) {
        Leftovers.kill(command.sandbox());
        try {
            output.join(LAST_OUTPUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new End(exited.exitValue(), terminationMessage(), startedAt, clock.instant());
    }

    private String terminationMessage() {
        try (InputStream log = Files.newInputStream(command.terminationLog())) {
            return new String(log.readNBytes(TERMINATION_MESSAGE_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
