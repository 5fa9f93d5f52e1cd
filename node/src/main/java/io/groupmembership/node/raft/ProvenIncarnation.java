package io.groupmembership.node.raft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The highest incarnation that this node has seen agreed on, on the volume. A node that starts without a majority
 * can't tell which entries of its log were; should it have to recover the cluster, this says which joins surely were.
 * What is missed by a write that was lost only makes more members join again.
 */
final class ProvenIncarnation {
    private static final Logger LOG = LoggerFactory.getLogger(ProvenIncarnation.class);

    private final Path file;
    private long written;

    ProvenIncarnation(Path dataDirectory) {
        this.file = dataDirectory.resolve("incarnation.proven");
        this.written = read();
    }

    private long read() {
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException e) {
            LOG.warn("{} can't be read, and is begun anew: {}", file, e.toString());
            return 0;
        }
    }

    /** The highest that was ever noted. */
    synchronized long highest() {
        return written;
    }

    synchronized void note(long incarnation) {
        if (incarnation <= written) {
            return;
        }
        try {
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.write(draft, Long.toString(incarnation).getBytes(StandardCharsets.US_ASCII));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            written = incarnation;
        } catch (IOException e) {
            LOG.warn("{} can't be written: {}", file, e.toString());
        }
    }
}
