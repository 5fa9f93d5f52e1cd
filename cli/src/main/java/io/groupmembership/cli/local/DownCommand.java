package io.groupmembership.cli.local;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops the cluster of a directory: asks its {@code gm up} to end, and only at a limit ends it by force. */
@Command(name = "down", description = "Stop the cluster that gm up runs; its state stays.")
public final class DownCommand implements Callable<Integer> {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Invocation invocation;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the state is (default .gm/local).")
    private Optional<Path> data = Optional.empty();

    public DownCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        ClusterDirectory directory = new ClusterDirectory(data.orElse(invocation.defaultDataDirectory()));
        Optional<ProcessHandle> supervisor = UpFile.read(directory.upFile()).flatMap(UpFile::supervisor);
        supervisor.ifPresent(process -> ProcessEnd.stop(List.of(process), STOP_LIMIT));
        int orphans = new Orphans(directory, invocation.out()).stop();
        if (supervisor.isEmpty() && orphans == 0) {
            invocation.out().println("nothing is running in " + directory.path());
        } else {
            invocation.out().println("stopped; the state is kept in " + directory.path());
        }
        if (UpFile.read(directory.upFile()).flatMap(UpFile::supervisor).isEmpty()) {
            Files.deleteIfExists(directory.upFile());
        }
        return ExitCode.OK;
    }
}
