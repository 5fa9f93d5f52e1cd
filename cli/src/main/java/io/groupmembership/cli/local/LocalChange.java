package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A change of which nodes {@code gm up} runs in a directory. One at a time: it holds a lock, which ends with its
 * process. What it writes down {@code gm up} follows, as the parent of the nodes.
 */
public final class LocalChange implements AutoCloseable {
    private final ClusterDirectory directory;
    private final ClusterFile cluster;
    private final FileChannel lockFile;
    private final FileLock lock;

    private LocalChange(ClusterDirectory directory, ClusterFile cluster, FileChannel lockFile, FileLock lock) {
        this.directory = directory;
        this.cluster = cluster;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** @throws CliFailure where there is no cluster, no {@code gm up} runs it, or another change is under way */
    public static LocalChange begin(ClusterDirectory directory) throws IOException {
        ClusterFile cluster = directory
                .read()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.NOT_FOUND,
                        "no cluster is in " + directory.path() + ": gm up makes one; --admin HOST:PORT names a node of"
                                + " one elsewhere"));
        if (supervisor(directory).isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE, "the cluster in " + directory.path() + " is not running: gm up starts it");
        }
        FileChannel lockFile =
                FileChannel.open(directory.nodesLockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Optional<FileLock> lock = lock(lockFile);
        if (lock.isEmpty()) {
            lockFile.close();
            throw new CliFailure(
                    ExitCode.CONFLICT, "another gm nodes changes the nodes in " + directory.path() + ": wait for it");
        }
        return new LocalChange(directory, cluster, lockFile, lock.get());
    }

    private static Optional<FileLock> lock(FileChannel file) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private static Optional<ProcessHandle> supervisor(ClusterDirectory directory) {
        return UpFile.read(directory.upFile()).flatMap(UpFile::supervisor);
    }

    /** Where the admin APIs of those that run are. */
    public List<HostPort> admins() throws IOException {
        return nodes().running().stream().map(LocalNode::admin).toList();
    }

    private LocalNodes nodes() throws IOException {
        return directory.nodes(cluster);
    }

    public Optional<LocalNode> node(String nodeId) throws IOException {
        return nodes().node(nodeId);
    }

    public boolean hasDirectory(String nodeId) {
        return Files.exists(directory.nodeDirectory(nodeId));
    }

    public Optional<String> peerId(String nodeId) {
        return directory.peerId(nodeId);
    }

    /** Whether a process of the node runs, or could, as {@code gm up} has not followed the last change yet. */
    public boolean runs(String nodeId) throws IOException {
        long revision = nodes().revision();
        Optional<UpFile> up = UpFile.read(directory.upFile());
        return up.flatMap(file -> file.node(nodeId)).isPresent()
                || up.filter(file -> file.nodesRevision() >= revision).isEmpty();
    }

    /** A new node's place: the ports that its number would have had in {@code gm up}, or the next that are free. */
    public Optional<LocalNode> offer(String nodeId) throws IOException {
        int base = cluster.nodes().getFirst().httpPort() - 1;
        return LocalPorts.place(base, nodeId, nodes().nodes());
    }

    public void write(LocalNode node) throws IOException {
        directory.write(nodes().with(node));
    }

    public void forget(String nodeId) throws IOException {
        directory.write(nodes().without(nodeId));
    }

    public Path setAside(String nodeId) throws IOException {
        return directory.setAside(nodeId);
    }

    public String lastWord(String nodeId) {
        return NodeLog.lastWord(directory.logFile(nodeId));
    }

    @Override
    public void close() throws IOException {
        try (lockFile) {
            lock.release();
        }
    }
}
