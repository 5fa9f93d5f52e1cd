package io.groupmembership.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One process of a node: it prints to its log, reads nothing, and ends when asked or when killed. */
final class NodeProcess {
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final Process process;

    private NodeProcess(Process process) {
        this.process = process;
    }

    static NodeProcess start(List<String> command, Path log) throws IOException {
        NodeLog.prepare(log);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new NodeProcess(builder.start());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** SIGTERM. */
    void askToEnd() {
        process.destroy();
    }

    /** Whether it ended by itself within the limit; it has ended in any case. */
    boolean awaitEndOrKill(Duration limit) {
        if (awaitEnd(limit)) {
            return true;
        }
        kill(AFTER_KILL);
        return false;
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill(Duration limit) {
        process.destroyForcibly();
        if (!awaitEnd(limit)) {
            throw new IllegalStateException("process " + process.pid() + " does not end, even when killed");
        }
    }

    private boolean awaitEnd(Duration limit) {
        boolean interrupted = false;
        try {
            long deadlineNanos = System.nanoTime() + limit.toNanos();
            while (true) {
                try {
                    return process.waitFor(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
