package io.groupmembership.operator.cluster;

import io.groupmembership.protocol.api.RaftState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Builds what the operator may see of the cluster {@code demo}. A peer is its ordinal and a letter for its volume: 0a. */
final class Seen {
    static final String CLUSTER_ID = "c0ffee00-0000-4000-8000-000000000000";
    private static final String VOLUME = "-0000-4000-8000-000000000000";

    private final int wanted;
    private Optional<Integer> replicas = Optional.empty();
    private Optional<ClusterIdentity> identity = Optional.empty();
    private Optional<String> recoverFrom = Optional.empty();
    private boolean hasHeartbeatSecret = true;
    private boolean deletesVolumes;
    private List<String> configuration = List.of();
    private List<String> oldConfiguration = List.of();
    private String leader = "";
    private List<String> silent = List.of();
    private long epoch;
    private final TreeMap<Integer, NodeSeen> nodes = new TreeMap<>();
    private final Set<Integer> claims = new HashSet<>();
    private final Set<Integer> terminatingClaims = new HashSet<>();

    private Seen(int wanted) {
        this.wanted = wanted;
    }

    static Seen wanting(int replicas) {
        return new Seen(replicas);
    }

    Seen replicas(int value) {
        replicas = Optional.of(value);
        return this;
    }

    Seen foundedOn(String peer) {
        identity = Optional.of(new ClusterIdentity(CLUSTER_ID, peerId(peer), 0));
        return this;
    }

    /** As after a recovery from this peer. */
    Seen recoveredFrom(String peer, long epoch) {
        identity = Optional.of(new ClusterIdentity(CLUSTER_ID, peerId(peer), epoch));
        return this;
    }

    Seen wishToRecoverFrom(String nodeId) {
        recoverFrom = Optional.of(nodeId);
        return this;
    }

    /** The recovery epoch that nodes which are added afterwards have on their volumes. */
    Seen atEpoch(long epoch) {
        this.epoch = epoch;
        return this;
    }

    /** A pod without a volume. */
    Seen withoutVolume(int ordinal) {
        node(ordinal, Optional.empty());
        claims.remove(ordinal);
        return this;
    }

    /** A pod whose node does not answer, and whose claim goes when the pod has gone. */
    Seen silentAndClaimDeleted(int ordinal) {
        withoutVolume(ordinal);
        terminatingClaims.add(ordinal);
        return this;
    }

    Seen withoutHeartbeatSecret() {
        hasHeartbeatSecret = false;
        return this;
    }

    Seen deletingVolumes() {
        deletesVolumes = true;
        return this;
    }

    Seen claims(Integer... ordinals) {
        claims.addAll(List.of(ordinals));
        return this;
    }

    /** The configuration that every node that is added afterwards tells, and its leader ("" for none). */
    Seen configuration(String leader, String... peers) {
        this.leader = leader;
        this.configuration = List.of(peers);
        return this;
    }

    /** What a leader that is added afterwards has not heard of. */
    Seen unheard(String... peers) {
        this.silent = List.of(peers);
        return this;
    }

    Seen changingFrom(String... peers) {
        this.oldConfiguration = List.of(peers);
        return this;
    }

    /** A pod whose node does not answer. */
    Seen silent(int ordinal) {
        return node(ordinal, Optional.empty());
    }

    Seen unformed(String peer) {
        return node(ordinal(peer), Optional.of(state(peer, "", NodeSeen.UNFORMED, List.of())));
    }

    /** A node that was told the cluster's id and is in no configuration. */
    Seen admissible(String peer) {
        return node(ordinal(peer), Optional.of(state(peer, CLUSTER_ID, "follower", List.of())));
    }

    /** Nodes that take part: the leader, and its followers. */
    Seen running(String... peers) {
        for (String peer : peers) {
            String role = peer.equals(leader) ? "leader" : leader.isEmpty() ? "candidate" : "follower";
            node(ordinal(peer), Optional.of(state(peer, CLUSTER_ID, role, configuration)));
        }
        return this;
    }

    Seen foreign(String peer) {
        return node(
                ordinal(peer), Optional.of(state(peer, "c0ffee00-0000-4000-8000-00000000000f", "follower", List.of())));
    }

    Seen outdated(Integer... ordinals) {
        return change(
                node -> new NodeSeen(
                        node.ordinal(),
                        node.nodeId(),
                        node.ready(),
                        node.terminating(),
                        true,
                        node.stuck(),
                        node.state()),
                ordinals);
    }

    Seen unready(Integer... ordinals) {
        return change(
                node -> new NodeSeen(
                        node.ordinal(),
                        node.nodeId(),
                        false,
                        node.terminating(),
                        node.outdated(),
                        node.stuck(),
                        node.state()),
                ordinals);
    }

    Seen terminating(Integer... ordinals) {
        return change(
                node -> new NodeSeen(
                        node.ordinal(), node.nodeId(), false, true, node.outdated(), node.stuck(), node.state()),
                ordinals);
    }

    Seen stuck(String why, Integer... ordinals) {
        return change(
                node -> new NodeSeen(
                        node.ordinal(),
                        node.nodeId(),
                        false,
                        false,
                        node.outdated(),
                        Optional.of(why),
                        Optional.empty()),
                ordinals);
    }

    private Seen change(UnaryOperator<NodeSeen> change, Integer... ordinals) {
        for (int ordinal : ordinals) {
            nodes.computeIfPresent(ordinal, (_, node) -> change.apply(node));
        }
        return this;
    }

    private Seen node(int ordinal, Optional<RaftState> state) {
        claims.add(ordinal);
        boolean ready = state.isPresent() && state.get().leader() != null;
        nodes.put(ordinal, new NodeSeen(ordinal, "demo-" + ordinal, ready, false, false, Optional.empty(), state));
        return this;
    }

    private RaftState state(String peer, String clusterId, String role, List<String> peers) {
        boolean takesPart = !peers.isEmpty() && !leader.isEmpty();
        return new RaftState(
                clusterId,
                epoch,
                "demo-" + ordinal(peer),
                peerId(peer),
                role,
                1,
                takesPart ? "demo-" + ordinal(leader) : null,
                7,
                7,
                -1,
                1,
                7,
                peers.stream().map(Seen::peer).toList(),
                peers.isEmpty()
                        ? List.of()
                        : oldConfiguration.stream().map(Seen::peer).toList(),
                role.equals("leader") ? silent.stream().map(Seen::peerId).toList() : List.of(),
                "demo",
                peer(peer));
    }

    static RaftState.Peer peer(String peer) {
        return new ClusterNames("default", "demo").peer(peerId(peer));
    }

    static String peerId(String peer) {
        return "demo-" + ordinal(peer) + "." + String.valueOf(peer.charAt(1)).repeat(8) + VOLUME;
    }

    private static int ordinal(String peer) {
        return peer.charAt(0) - '0';
    }

    private Set<Integer> perhapsUsed() {
        Set<Integer> all = new HashSet<>(claims);
        all.addAll(terminatingClaims);
        return all;
    }

    ClusterStep next() {
        return ClusterPlan.next(observation());
    }

    ClusterObservation observation() {
        return new ClusterObservation(
                new ClusterNames("default", "demo"),
                wanted,
                deletesVolumes,
                recoverFrom,
                identity,
                hasHeartbeatSecret,
                replicas,
                new ArrayList<>(nodes.values()),
                claims,
                perhapsUsed());
    }
}
