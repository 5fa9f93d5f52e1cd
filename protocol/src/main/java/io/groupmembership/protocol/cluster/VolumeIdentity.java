package io.groupmembership.protocol.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What a node's data directory says that it is, as JSON in {@value #FILE_NAME}. A directory without it is empty: it
 * has forgotten its votes, so it must never stand for the peer that it once was.
 *
 * @param format 1
 * @param peerId the nodeId, a dot, and a UUID that was drawn when the directory was made
 * @param restored what the cluster begins from; null where it begins empty, or where this node came later
 */
public record VolumeIdentity(
        int format,
        String clusterId,
        String nodeId,
        String peerId,
        @Nullable Restored restored) {
    public static final String FILE_NAME = "identity.json";
    public static final int FORMAT = 1;

    /** The name of the copy of a backup beside it, which the node begins with when it starts for the first time. */
    public static final String BACKUP_FILE_NAME = "restore.gmbackup";

    /** Of a node that begins empty. */
    public VolumeIdentity(int format, String clusterId, String nodeId, String peerId) {
        this(format, clusterId, nodeId, peerId, null);
    }

    /**
     * What a cluster begins from: the same on all its founding nodes, which make the same state of it.
     *
     * @param snapshotSha256 of the snapshot in the backup
     * @param recoveryEpoch that the cluster begins with
     * @param atMillis when the cluster was made
     */
    public record Restored(String snapshotSha256, long recoveryEpoch, long atMillis) {}
}
