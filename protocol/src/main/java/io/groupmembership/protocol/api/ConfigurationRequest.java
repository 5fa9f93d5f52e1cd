package io.groupmembership.protocol.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the Raft configuration, carried out by joint consensus.
 *
 * @param expected the peerIds that the configuration must have now
 * @param peers what it shall have
 */
public record ConfigurationRequest(
        @Nullable List<@Nullable String> expected, @Nullable List<RaftState.@Nullable Peer> peers) {
    /** From exactly these peers to those. */
    public static ConfigurationRequest of(List<RaftState.Peer> now, List<RaftState.Peer> wanted) {
        List<@Nullable String> expected = new ArrayList<>();
        now.forEach(peer -> expected.add(peer.peerId()));
        return new ConfigurationRequest(expected, new ArrayList<>(wanted));
    }

    /** One peer more. */
    public static ConfigurationRequest admitting(List<RaftState.Peer> now, RaftState.Peer peer) {
        List<RaftState.Peer> wanted = new ArrayList<>(now);
        wanted.add(peer);
        return of(now, wanted);
    }

    /** One peer less. */
    public static ConfigurationRequest removing(List<RaftState.Peer> now, RaftState.Peer peer) {
        List<RaftState.Peer> wanted = new ArrayList<>(now);
        wanted.remove(peer);
        return of(now, wanted);
    }

    /** One peer for another, in one change: at no time does the majority rest on one peer fewer. */
    public static ConfigurationRequest swapping(
            List<RaftState.Peer> now, RaftState.Peer gone, RaftState.Peer successor) {
        List<RaftState.Peer> wanted = new ArrayList<>(now);
        wanted.remove(gone);
        wanted.add(successor);
        return of(now, wanted);
    }
}
