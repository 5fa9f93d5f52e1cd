package io.groupmembership.node.raft;

import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.protocol.api.RaftState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;

/** What a node's Raft division says of itself, in the words of the API. */
final class DivisionView {
    private static final Duration SILENT = Duration.ofSeconds(1);

    /** A leader counts the silence of its followers from when it began to lead: for so long it knows of none. */
    private static final Duration SETTLED = SILENT.multipliedBy(2);

    private final NodeIdentity identity;

    DivisionView(NodeIdentity identity) {
        this.identity = identity;
    }

    /** Before there is a division. */
    RaftStatus starting() {
        RaftState state = RaftState.withoutServer(
                identity.cluster().clusterId(),
                identity.cluster().name(),
                identity.recoveryEpoch(),
                identity.self().nodeId(),
                PeerNames.peer(PeerNames.peer(identity.self())),
                "starting");
        return new RaftStatus(state, Optional.empty(), false);
    }

    /** @param caughtUp whether this node has applied what the others knew when it started */
    RaftStatus of(RaftServer.Division division, boolean caughtUp) {
        DivisionInfo info = division.getInfo();
        Optional<TermIndex> last = lastEntry(division);
        Optional<String> leader = Optional.ofNullable(info.getLeaderId()).map(PeerNames::nodeId);
        RaftState state = new RaftState(
                identity.cluster().clusterId(),
                identity.recoveryEpoch(),
                identity.self().nodeId(),
                identity.self().peerId(),
                info.isAlive() ? info.getCurrentRole().name().toLowerCase(Locale.ROOT) : "closed",
                info.getCurrentTerm(),
                leader.orElse(null),
                division.getRaftLog().getLastCommittedIndex(),
                info.getLastAppliedIndex(),
                Optional.ofNullable(division.getStateMachine().getLatestSnapshot())
                        .map(snapshot -> snapshot.getTermIndex().getIndex())
                        .orElse(-1L),
                last.map(TermIndex::getTerm).orElse(-1L),
                last.map(TermIndex::getIndex).orElse(-1L),
                peers(division.getRaftConf().getCurrentPeers()),
                peers(division.getRaftConf().getPreviousPeers()),
                silentPeers(division),
                identity.cluster().name(),
                PeerNames.peer(PeerNames.peer(identity.self())));
        boolean ready = caughtUp && info.isAlive() && leader.isPresent() && (!info.isLeader() || info.isLeaderReady());
        return new RaftStatus(state, leader, ready);
    }

    private static Optional<TermIndex> lastEntry(RaftServer.Division division) {
        try {
            return Optional.ofNullable(division.getRaftLog().getLastEntryTermIndex());
        } catch (IllegalStateException e) {
            return Optional.empty(); // closed
        }
    }

    private static List<String> silentPeers(RaftServer.Division division) {
        RaftProtos.RoleInfoProto role = division.getInfo().getRoleInfoProto();
        boolean isNew = role.getRoleElapsedTimeMs() < SETTLED.toMillis();
        return followers(role)
                .filter(follower -> isNew || follower.getLastRpcElapsedTimeMs() >= SILENT.toMillis())
                .map(follower -> follower.getId().getId().toStringUtf8())
                .sorted()
                .toList();
    }

    private static List<RaftState.Peer> peers(@Nullable Collection<RaftPeer> peers) {
        return peers == null
                ? List.of()
                : peers.stream()
                        .sorted((a, b) ->
                                a.getId().toString().compareTo(b.getId().toString()))
                        .map(PeerNames::peer)
                        .toList();
    }

    /**
     * What a leader knows of a follower.
     *
     * @param silence for how long it has not heard of it
     * @param lacks how many entries that are agreed on it is not known to have
     */
    record Follower(Duration silence, long lacks) {}

    /** By nodeId; empty where the division does not lead, or its followers are changing. */
    static Map<String, Follower> knownFollowers(RaftServer.Division division) {
        List<RaftProtos.ServerRpcProto> followers =
                followers(division.getInfo().getRoleInfoProto()).toList();
        // in the same order
        long[] matches = division.getInfo().getFollowerMatchIndices();
        if (matches == null || matches.length != followers.size()) {
            return Map.of();
        }
        long committed = division.getRaftLog().getLastCommittedIndex();
        Map<String, Follower> known = new HashMap<>();
        for (int i = 0; i < matches.length; i++) {
            RaftProtos.ServerRpcProto follower = followers.get(i);
            known.merge(
                    PeerNames.nodeId(RaftPeerId.valueOf(follower.getId().getId())),
                    new Follower(
                            Duration.ofMillis(follower.getLastRpcElapsedTimeMs()), Math.max(0, committed - matches[i])),
                    (one, other) -> one.silence().compareTo(other.silence()) < 0 ? one : other);
        }
        return known;
    }

    private static Stream<RaftProtos.ServerRpcProto> followers(RaftProtos.RoleInfoProto role) {
        return role.hasLeaderInfo() ? role.getLeaderInfo().getFollowerInfoList().stream() : Stream.empty();
    }
}
