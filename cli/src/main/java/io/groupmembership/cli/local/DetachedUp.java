package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code gm up --detach}: starts a {@code gm up} in a session of its own, so that neither a closed terminal nor its
 * Ctrl-C reaches it, shows what that one says, and returns when its cluster is ready.
 */
final class DetachedUp {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final Duration BEYOND_READY = Duration.ofSeconds(5);

    private final Invocation invocation;
    private final ClusterDirectory directory;
    private final Duration readyLimit;

    DetachedUp(Invocation invocation, ClusterDirectory directory, Duration readyLimit) {
        this.invocation = invocation;
        this.directory = directory;
        this.readyLimit = readyLimit;
    }

    /**
     * Returns the exit status.
     *
     * @param options for the {@code gm up} behind
     */
    int run(List<String> options) throws IOException, InterruptedException {
        Path log = directory.path().resolve("logs").resolve("up.log");
        Files.createDirectories(log.getParent());
        Process up = new ProcessBuilder(command(options))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        long shown = 0;
        long deadlineNanos = System.nanoTime() + readyLimit.plus(BEYOND_READY).toNanos();
        while (true) {
            boolean ready = UpFile.read(directory.upFile())
                    .filter(file -> file.pid() == up.pid() && file.ready())
                    .isPresent();
            boolean ended = !up.isAlive();
            shown = show(log, shown);
            if (ready && !ended) {
                invocation.out().println("running as process " + up.pid() + "; ./gm down stops it");
                return ExitCode.OK;
            }
            if (ended) {
                return up.exitValue() == 0 ? ExitCode.ERROR : up.exitValue();
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                ProcessEnd.stop(List.of(up.toHandle()), STOP_LIMIT);
                throw new CliFailure(
                        ExitCode.UNAVAILABLE,
                        "not ready after " + readyLimit.toSeconds() + " s, so it was stopped; the logs are in "
                                + log.getParent());
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private List<String> command(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Files.isExecutable(Path.of("/usr/bin/setsid")) ? "/usr/bin/setsid" : "nohup");
        command.add(NodeLaunch.currentJava().toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.add("-Dgm.home=" + invocation.home());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.groupmembership.cli.Main"));
        command.addAll(List.of("up", "--detached", "--data", directory.path().toString()));
        command.addAll(List.of("--ready-timeout", readyLimit.toMillis() + "ms"));
        command.addAll(options);
        return command;
    }

    /** Prints what the log has beyond an offset; returns the new offset. */
    private long show(Path log, long from) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] fresh = new byte[(int) Math.min(64 * 1024, file.length() - from)];
            file.seek(from);
            file.readFully(fresh);
            invocation.out().write(fresh, 0, fresh.length);
            invocation.out().flush();
            return from + fresh.length;
        }
    }
}
