package io.groupmembership.node.raft;

import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.node.identity.NodeIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Remembers on the volume that this peer has voted. Ratis makes an empty storage where it finds none; a peer that had
 * one before and lost it must not start, because it could vote twice in a term.
 */
final class RaftStorageCheck {
    private static final String MARK = "raft.started";

    private final Path mark;
    private final Path metadata;

    RaftStorageCheck(NodeIdentity identity) {
        this.mark = identity.dataDirectory().resolve(MARK);
        this.metadata = RaftSettings.storage(identity)
                .resolve(identity.groupId().toString())
                .resolve("current")
                .resolve("raft-meta");
    }

    /** @throws IdentityException where the storage is gone */
    void beforeStart() {
        if (Files.exists(mark) && !Files.exists(metadata)) {
            throw new IdentityException("the Raft log of this node is gone: " + metadata
                    + " does not exist, and the node had started before. Restore the data directory, or remove this"
                    + " node from the cluster and add it anew");
        }
    }

    void afterStart() {
        try {
            if (!Files.exists(mark)) {
                Files.createFile(mark);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
