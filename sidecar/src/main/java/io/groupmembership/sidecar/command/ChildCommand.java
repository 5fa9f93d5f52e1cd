package io.groupmembership.sidecar.command;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** The command that the agent is the parent of. It has the agent's own input, output and errors. */
public final class ChildCommand {
    /** What a shell answers for a command that can't be started. */
    public static final int CANNOT_START = 127;

    private final Process process;

    private ChildCommand(Process process) {
        this.process = process;
    }

    /**
     * Starts the command.
     *
     * @param environment what it gets in addition to the agent's own environment
     * @param ended is told the exit code, 128 + n where signal n ended it, on a thread of its own
     * @throws IOException where it can't be started
     */
    public static ChildCommand start(List<String> command, Map<String, String> environment, IntConsumer ended)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        Process process = builder.start();
        Thread.ofPlatform().name("command").daemon().stackSize(256 * 1024).start(() -> ended.accept(exitCode(process)));
        return new ChildCommand(process);
    }

    private static int exitCode(Process process) {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                // nobody interrupts this thread to a purpose: it has one thing to do
            }
        }
    }

    /** Passes a signal on, unless the command has ended or has got it already. */
    public void pass(Signals signal) throws IOException {
        if (!process.isAlive() || (signal == Signals.INT && Signals.terminalSignalsChildren())) {
            return;
        }
        if (signal == Signals.TERM) {
            process.destroy();
        } else {
            signal.send(process.pid());
        }
    }

    /** Asks the command to end, waits for at most this long, then ends it. */
    public void end(Duration grace) {
        process.destroy();
        try {
            if (!process.waitFor(grace.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
