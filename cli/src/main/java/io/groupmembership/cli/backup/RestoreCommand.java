package io.groupmembership.cli.backup;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.local.RestoredDirectory;
import io.groupmembership.protocol.backup.BackupHeader;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the directory of a new cluster that begins with the state of a backup. */
@Command(
        name = "restore",
        description = "Make a new cluster from a backup: gm up --data DIR starts it.",
        footer = {
            "",
            "It has another id, other secrets and a later recovery epoch, and none of the members: they join again.",
            "The cluster that the backup was taken of is not touched; stop it before its clients meet the new one."
        })
public final class RestoreCommand implements Callable<Integer> {
    /** So that all numbers stay below 2^53. */
    private static final long MAX_RECOVERY_EPOCH = (1 << 13) - 1;

    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "A file of gm backup.")
    private Path file = Path.of("");

    @Option(
            names = {"--data", "--dir"},
            paramLabel = "DIR",
            description = "The directory of the new cluster: one that is empty, or not there yet.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--nodes", paramLabel = "1|3|5", description = "Size of the new cluster (default 3).")
    private Optional<Integer> nodes = Optional.empty();

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            description = "Its ports follow this one (default 7700: the API is at 7701, 7702, 7703).")
    private Optional<Integer> basePort = Optional.empty();

    @Option(names = "--fast", description = "As in gm up; needed where the cluster had been made with it.")
    private boolean fast;

    @Option(
            names = "--recovery-epoch",
            paramLabel = "N",
            description = "Later than any that was in use (default: that of the backup, and one). Say it where another"
                    + " cluster was made from the same backup before, so that no number comes twice.")
    private Optional<Long> recoveryEpoch = Optional.empty();

    @Option(names = "--check", description = "Make nothing: read the file through, and say what it is.")
    private boolean check;

    public RestoreCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        BackupHeader header = BackupFile.verify(file);
        if (check) {
            invocation.out().println(file + " is whole: " + BackupFile.words(header));
            return ExitCode.OK;
        }
        Path directory = data.orElseThrow(
                () -> new CliFailure(ExitCode.USAGE, "--data DIR says where the new cluster is to be"));
        long epoch = recoveryEpoch.orElse(header.recoveryEpoch() + 1);
        if (epoch <= header.recoveryEpoch() || epoch > MAX_RECOVERY_EPOCH) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "--recovery-epoch must be " + (header.recoveryEpoch() + 1) + " to " + MAX_RECOVERY_EPOCH + ", not "
                            + epoch);
        }
        VolumeIdentity.Restored restored =
                new VolumeIdentity.Restored(header.snapshotSha256(), epoch, System.currentTimeMillis());
        ClusterFile cluster =
                new RestoredDirectory(directory).make(header.clusterName(), restored, file, nodes, basePort, fast);
        invocation
                .out()
                .println("cluster " + cluster.name() + " (" + cluster.clusterId() + "), "
                        + cluster.nodes().size() + (cluster.nodes().size() == 1 ? " node" : " nodes")
                        + ", recovery epoch " + epoch + ", is in " + directory + ": gm up --data " + directory
                        + " starts it");
        return ExitCode.OK;
    }
}
