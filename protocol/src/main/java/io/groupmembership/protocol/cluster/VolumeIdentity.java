package io.groupmembership.protocol.cluster;

/**
 * What a node's data directory says that it is, as JSON in {@value #FILE_NAME}. A directory without it is empty: it
 * has forgotten its votes, so it must never stand for the peer that it once was.
 *
 * @param format 1
 * @param peerId the nodeId, a dot, and a UUID that was drawn when the directory was made
 */
public record VolumeIdentity(int format, String clusterId, String nodeId, String peerId) {
    public static final String FILE_NAME = "identity.json";
    public static final int FORMAT = 1;
}
