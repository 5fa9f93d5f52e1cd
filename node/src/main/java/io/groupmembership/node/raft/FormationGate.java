package io.groupmembership.node.raft;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the cluster has ever been as large as it was meant to be. Until then clients are refused: what a cluster of
 * three acknowledges while it is one node would be lost with that node. Once open it stays open, through restarts and
 * when the cluster is made smaller.
 */
final class FormationGate {
    private static final Logger LOG = LoggerFactory.getLogger(FormationGate.class);
    private static final String MARK = "cluster.formed";

    private final Path mark;
    private final int minimumPeers;
    private volatile boolean open;

    FormationGate(Path dataDirectory, int minimumPeers) {
        this.mark = dataDirectory.resolve(MARK);
        this.minimumPeers = minimumPeers;
        this.open = minimumPeers <= 1 || Files.exists(mark);
    }

    boolean isOpen() {
        return open;
    }

    /** Takes note of a configuration that is committed or on its way, without the peers that it replaces. */
    void see(int peers) {
        if (open || peers < minimumPeers) {
            return;
        }
        open = true;
        try {
            Files.createFile(mark);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("the mark was there", e);
        } catch (IOException e) {
            LOG.warn("after a restart this node will wait for {} peers again: {}", minimumPeers, e.toString());
        }
    }
}
