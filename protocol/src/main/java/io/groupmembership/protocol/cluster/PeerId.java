package io.groupmembership.protocol.cluster;

/** The name of a peer of the Raft group: a nodeId, a dot, and the UUID of the volume that it votes from. */
public final class PeerId {
    private static final int SUFFIX_CHARACTERS = 37;

    private PeerId() {}

    /** What is before the dot and the UUID; all of it where there is none. */
    public static String nodeId(String peerId) {
        int dot = peerId.length() - SUFFIX_CHARACTERS;
        return dot > 0 && peerId.charAt(dot) == '.' ? peerId.substring(0, dot) : peerId;
    }
}
