package io.groupmembership.cli.backup;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.TlsOptions;
import io.groupmembership.cli.local.ClusterDirectory;
import io.groupmembership.cli.show.DurationText;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the replicated state of a cluster to a file. */
@Command(
        name = "backup",
        description = "Write the state of a cluster to a file: groups, policies, members, keys and their values.",
        footer = {
            "",
            "The file has everything that was acknowledged before it was asked for. It holds all values: keep it safe.",
            "gm restore makes a new cluster from it."
        })
public final class BackupCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "Where to write it, or what to verify.")
    private Path file = Path.of("");

    @Option(names = "--force", description = "Replace the file where there is one.")
    private boolean force;

    @Option(names = "--verify", description = "Write nothing: read the file through, and say what it is.")
    private boolean verify;

    @Option(names = "--data", paramLabel = "DIR", description = "The directory of the cluster (default .gm/local).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT[,HOST:PORT]",
            description = "The admin ports of nodes to ask, in place of those of --data.")
    private Optional<String> admin = Optional.empty();

    @ArgGroup(validate = false, order = 90, heading = TlsOptions.HEADING)
    private final TlsOptions tls = new TlsOptions();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationText.class,
            description = "How long a node may be silent (default 30s).")
    private Duration timeout = Duration.ofSeconds(30);

    public BackupCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (verify) {
            invocation.out().println(file + " is whole: " + BackupFile.words(BackupFile.verify(file)));
            return ExitCode.OK;
        }
        if (Files.isDirectory(file)) {
            throw new CliFailure(ExitCode.ERROR, file + " is a directory");
        }
        if (Files.exists(file) && !force) {
            throw new CliFailure(ExitCode.CONFLICT, file + " exists: choose another name, or --force");
        }
        if (!Files.isDirectory(file.toAbsolutePath().resolveSibling("."))) {
            throw new CliFailure(ExitCode.NOT_FOUND, "the directory of " + file + " does not exist");
        }
        invocation
                .out()
                .println(file + " is written: " + BackupFile.words(download().to(file)));
        return ExitCode.OK;
    }

    private BackupDownload download() throws IOException {
        if (admin.isPresent()) {
            Connector connector = tls.connector(invocation, Optional.empty());
            List<URI> nodes = Arrays.stream(admin.get().split(",", -1))
                    .map(BackupCommand::place)
                    .map(connector::url)
                    .toList();
            return new BackupDownload(connector, nodes, timeout);
        }
        ClusterDirectory directory = new ClusterDirectory(data.orElse(invocation.defaultDataDirectory()));
        ClusterFile cluster = directory
                .read()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.NOT_FOUND,
                        "no cluster is in " + directory.path() + ": say --data DIR or --admin HOST:PORT"));
        Connector connector = tls.connector(invocation, directory.tls().administrator());
        List<URI> nodes = cluster.nodes().stream()
                .map(node -> connector.url(new HostPort(node.host(), node.adminPort())))
                .toList();
        return new BackupDownload(connector, nodes, timeout);
    }

    private static HostPort place(String text) {
        try {
            return HostPort.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, "--admin '" + text + "' " + e.getMessage());
        }
    }
}
