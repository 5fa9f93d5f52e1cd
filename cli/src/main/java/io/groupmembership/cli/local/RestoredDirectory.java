package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory of a new cluster that begins from a backup. It is made under another name and renamed, so it is there
 * whole or not at all. Each node has a copy of the backup, and makes its first snapshot of it when it starts.
 */
public final class RestoredDirectory {
    private final Path path;

    public RestoredDirectory(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /**
     * @param backup a file that was checked
     * @throws CliFailure where there is something in the directory already
     */
    public ClusterFile make(
            String name,
            VolumeIdentity.Restored restored,
            Path backup,
            Optional<Integer> nodes,
            Optional<Integer> basePort,
            boolean fast)
            throws IOException {
        refuseIfUsed();
        UpPlan plan = UpPlan.decide(Optional.empty(), Timing.USUAL, nodes, basePort, fast);
        ClusterFile cluster =
                new ClusterFile(plan.cluster().clusterId(), name, plan.cluster().nodes());
        Path draft = path.resolveSibling(path.getFileName() + ".restoring");
        delete(draft);
        try {
            ClusterDirectory directory = new ClusterDirectory(draft);
            directory.make(cluster, plan.timing(), Optional.of(restored));
            for (ClusterFile.Node node : cluster.nodes()) {
                Path copy = directory.nodeDirectory(node.nodeId()).resolve(VolumeIdentity.BACKUP_FILE_NAME);
                Files.copy(backup, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(draft);
        }
        return cluster;
    }

    private void refuseIfUsed() throws IOException {
        if (!Files.exists(path)) {
            Path parent = path.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new CliFailure(ExitCode.NOT_FOUND, "the directory of " + path + " does not exist");
            }
            return;
        }
        if (!Files.isDirectory(path)) {
            throw new CliFailure(ExitCode.CONFLICT, path + " is no directory: choose another");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            if (entries.iterator().hasNext()) {
                throw new CliFailure(
                        ExitCode.CONFLICT, path + " is not empty: a new cluster needs a directory of its own");
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
