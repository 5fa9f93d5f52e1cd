package io.groupmembership.node.raft;

import io.groupmembership.protocol.api.RaftState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Whether a change of the Raft configuration is safe to begin. Raft keeps the log consistent whatever the change
 * (Ongaro's dissertation, chapter 4); this keeps it available, and refuses early what Ratis would refuse late or carry
 * out silently wrong.
 */
final class ConfigurationCheck {
    private static final int MOST_PEERS = 7;

    private ConfigurationCheck() {}

    /**
     * What speaks against a change.
     *
     * @param now the configuration as the leader has it
     * @param changing whether an earlier change is not finished
     * @param expected the peerIds that the caller believes to be in it, where it says so
     * @param wanted the configuration to be
     * @param takingPart the peerIds of now that the leader hears of and that are nearly caught up, its own among them
     * @return a sentence for the caller; empty where nothing does
     */
    static Optional<String> refusal(
            List<RaftState.Peer> now,
            boolean changing,
            Optional<List<String>> expected,
            List<RaftState.Peer> wanted,
            Set<String> takingPart) {
        Set<String> nowIds = ids(now);
        Set<String> wantedIds = ids(wanted);
        if (changing) {
            return Optional.of("a change of the configuration is under way; wait until it is over");
        }
        if (expected.isPresent() && !Set.copyOf(expected.get()).equals(nowIds)) {
            return Optional.of("the configuration is not the expected one, it is " + new TreeSet<>(nowIds));
        }
        if (wanted.isEmpty() || wanted.size() > MOST_PEERS) {
            return Optional.of("a configuration has 1 to " + MOST_PEERS + " peers, not " + wanted.size());
        }
        Optional<String> twice = twice(wanted);
        if (twice.isPresent()) {
            return twice;
        }
        for (RaftState.Peer peer : wanted) {
            if (nowIds.contains(peer.peerId()) && !now.contains(peer)) {
                return Optional.of(peer.peerId()
                        + " has another address now; a peer's address can't be changed: remove it, and add it anew");
            }
        }
        long kept = wantedIds.stream().filter(nowIds::contains).count();
        if (kept == 0) {
            return Optional.of("at least one peer must stay");
        }
        long added = wantedIds.size() - kept;
        if (added > 1 && added >= (wantedIds.size() + 1) / 2) {
            return Optional.of("a change adds fewer than half of the peers, or a single one; this one adds " + added
                    + " of " + wantedIds.size() + ": go by smaller steps");
        }
        long removed = nowIds.size() - kept;
        long keptTakingPart = wantedIds.stream().filter(takingPart::contains).count();
        if (removed > 0 && keptTakingPart + added < wantedIds.size() / 2 + 1) {
            return Optional.of("of the " + wantedIds.size() + " peers that would be left only "
                    + (keptTakingPart + added) + " can be reached and are caught up: they would have no majority");
        }
        return Optional.empty();
    }

    private static Set<String> ids(List<RaftState.Peer> peers) {
        return peers.stream().map(RaftState.Peer::peerId).collect(Collectors.toSet());
    }

    private static Optional<String> twice(List<RaftState.Peer> peers) {
        Set<String> seen = new HashSet<>();
        for (RaftState.Peer peer : peers) {
            String nodeId = PeerNames.nodeId(RaftPeerId.valueOf(peer.peerId()));
            for (String name : List.of("node " + nodeId, "address " + peer.address())) {
                if (!seen.add(name)) {
                    return Optional.of("the configuration has " + name + " twice");
                }
            }
        }
        return Optional.empty();
    }
}
