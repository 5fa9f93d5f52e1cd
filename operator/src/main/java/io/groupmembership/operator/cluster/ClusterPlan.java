package io.groupmembership.operator.cluster;

import io.groupmembership.operator.cluster.ClusterStep.Configure;
import io.groupmembership.operator.cluster.ClusterStep.DeleteVolume;
import io.groupmembership.operator.cluster.ClusterStep.Done;
import io.groupmembership.operator.cluster.ClusterStep.DrawHeartbeatSecret;
import io.groupmembership.operator.cluster.ClusterStep.ForgetRecovery;
import io.groupmembership.operator.cluster.ClusterStep.Form;
import io.groupmembership.operator.cluster.ClusterStep.LowerReplicas;
import io.groupmembership.operator.cluster.ClusterStep.MoveLeadership;
import io.groupmembership.operator.cluster.ClusterStep.RaiseReplicas;
import io.groupmembership.operator.cluster.ClusterStep.RecordIdentity;
import io.groupmembership.operator.cluster.ClusterStep.Refuse;
import io.groupmembership.operator.cluster.ClusterStep.RestartPod;
import io.groupmembership.operator.cluster.ClusterStep.Wait;
import io.groupmembership.protocol.api.RaftState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The next step for a cluster, from what is seen of it alone: an operator that is started anew in the middle goes on.
 *
 * <p>Let C be the Raft configuration, read through the leader, and S the replicas of the StatefulSet. In this order:
 *
 * <ol>
 *   <li>There is no Secret for heartbeats: draw one, before there is a node that would have to do without.
 *   <li>There is no StatefulSet, or somebody scaled it to nothing: make it, with a pod for every node that may vote.
 *   <li>The cluster was never formed: write down the volume of node 0 as its founder, once. Volumes that are of a
 *       cluster already are not taken over.
 *   <li>A recovery was written down, and its survivor has not heard of it: tell it to go on alone.
 *   <li>Tell nodes with empty volumes which cluster they are of: the founder that it founds it, the others that they
 *       will be admitted. If the cluster was formed and every volume is empty, its data is lost: that is said, and it
 *       is never founded again.
 *   <li>A volume of another cluster or recovery epoch: refuse.
 *   <li>A pod whose container does not run, made from an older template: make it anew.
 *   <li>No majority of C takes part: wait; or, where a person has named a survivor and every other peer of C is seen
 *       to be gone, write down that the cluster goes on from it. A wish that is not needed any more is taken back.
 *   <li>A change of C is in progress: wait.
 *   <li>A peer of C has lost its volume, and its node is back as another peer: swap the two.
 *   <li>S is too small: raise it, unless a volume was left over at one of the new ordinals.
 *   <li>Nodes wait to be admitted: admit them, 1 to 2 to 3 and from there by twos.
 *   <li>C is too large: move leadership away from the nodes that go, and remove the highest ordinal.
 *   <li>S is too large: lower it, and then delete the volumes that it leaves, if that is asked for.
 *   <li>Pods are made from an older template: restart followers one by one, the leader last.
 * </ol>
 *
 * <p>The invariant: no step ever makes C smaller than a majority of what takes part in it, nor restarts a node that a
 * majority needs. The nodes check that once more and refuse, whoever asks.
 *
 * <p>Longer than most classes here: the order of the rules is the safety of the whole, and is read in one place.
 */
final class ClusterPlan {
    static final String DATA_LOST = "DataLost";
    static final String MAJORITY_LOST = "MajorityLost";
    static final String QUORUM_LOST = "QuorumLost";

    private final ClusterObservation seen;
    private final RecoveryPlan recovery;

    private ClusterPlan(ClusterObservation seen) {
        this.seen = seen;
        this.recovery = new RecoveryPlan(seen);
    }

    static ClusterStep next(ClusterObservation seen) {
        ClusterPlan plan = new ClusterPlan(seen);
        return Stream.<Rule>of(
                        plan::heartbeatSecret,
                        plan::statefulSet,
                        plan::identity,
                        plan.recovery::begun,
                        plan::dataLost,
                        plan::form,
                        plan::foreignVolume,
                        plan::stuckPod,
                        plan::majority,
                        plan::recoveryOver,
                        plan::changeInProgress,
                        plan::wipedPeer,
                        plan::raise,
                        plan::admit,
                        plan::remove,
                        plan::lower,
                        plan::volumes,
                        plan::roll)
                .flatMap(rule -> rule.apply().stream())
                .findFirst()
                .orElse(new Done());
    }

    /** Empty where the rule has nothing to say. */
    private interface Rule {
        Optional<ClusterStep> apply();
    }

    private Optional<ClusterStep> heartbeatSecret() {
        return seen.hasHeartbeatSecret() ? Optional.empty() : Optional.of(new DrawHeartbeatSecret());
    }

    private Optional<ClusterStep> statefulSet() {
        if (seen.statefulSetReplicas().orElse(0) > 0) {
            return Optional.empty();
        }
        int volumes = seen.identity().isPresent()
                ? seen.claims().stream().mapToInt(ordinal -> ordinal + 1).max().orElse(0)
                : 0;
        return Optional.of(new RaiseReplicas(Math.max(seen.wanted(), volumes)));
    }

    private Optional<ClusterStep> identity() {
        if (seen.identity().isPresent()) {
            return Optional.empty();
        }
        Optional<NodeSeen> formed =
                seen.nodes().stream().filter(NodeSeen::isFormed).findFirst();
        if (formed.isPresent()) {
            String clusterId = formed.get().state().map(RaftState::clusterId).orElse("");
            return Optional.of(new Refuse(
                    "FoundVolumes",
                    "the volume of " + formed.get().nodeId() + " is of cluster " + clusterId
                            + ", and there is no Secret that says so: restore the Secret, or delete the volumes"));
        }
        Optional<NodeSeen> first = seen.node(0).filter(NodeSeen::isUnformed);
        return Optional.of(first.flatMap(NodeSeen::state)
                .<ClusterStep>map(state -> new RecordIdentity(state.peerId()))
                .orElseGet(() -> new Wait(
                        "NodesStarting", waitingFor(List.of(seen.names().nodeId(0))))));
    }

    private Optional<ClusterStep> dataLost() {
        boolean allAnswer = IntStream.range(0, replicas())
                .allMatch(ordinal -> seen.node(ordinal).flatMap(NodeSeen::state).isPresent());
        boolean allEmpty = seen.nodes().stream().noneMatch(NodeSeen::isFormed);
        boolean founderLost = seen.nodes().stream().noneMatch(node -> node.isPeer(known().founder()));
        if (allAnswer && allEmpty && founderLost) {
            return Optional.of(new Refuse(
                    DATA_LOST,
                    "the cluster was formed, and every volume is empty: restore a volume, or delete the Secret "
                            + seen.names().identitySecret(known().recoveryEpoch())
                            + " to begin anew without the old groups"));
        }
        return Optional.empty();
    }

    private Optional<ClusterStep> form() {
        for (NodeSeen node : seen.nodes()) {
            if (!node.isUnformed() || node.terminating()) {
                continue;
            }
            boolean founder = node.isPeer(known().founder());
            // others wait for those who can admit them: a volume that is told now could be of the wrong recovery epoch
            if (founder || (seen.hasMajority() && seen.leader().isPresent())) {
                return Optional.of(new Form(node.nodeId(), node.peerId(), founder, minimumPeers()));
            }
        }
        return Optional.empty();
    }

    /** A node of a cluster that is being formed serves nobody until all are in; one that comes later, at once. */
    private int minimumPeers() {
        int peers = seen.configuration().size();
        return peers < seen.wanted() ? seen.wanted() : 1;
    }

    private Optional<ClusterStep> foreignVolume() {
        return seen.nodes().stream()
                .filter(NodeSeen::isFormed)
                .filter(node -> !isOurs(node))
                .findFirst()
                .map(this::refuseVolume);
    }

    private ClusterStep refuseVolume(NodeSeen node) {
        RaftState state = node.state().orElseThrow();
        if (state.clusterId().equals(known().clusterId()) && state.recoveryEpoch() > known().recoveryEpoch()) {
            return new Refuse(
                    "SecretMissing",
                    "the volume of " + node.nodeId() + " is at recovery epoch " + state.recoveryEpoch()
                            + ", and there is no Secret of that: restore "
                            + seen.names().identitySecret(state.recoveryEpoch()));
        }
        return new Refuse(
                "StaleVolume",
                "the volume of " + node.nodeId() + " is of cluster " + state.clusterId() + ", recovery epoch "
                        + state.recoveryEpoch() + ", and this cluster is " + known().clusterId() + ", recovery epoch "
                        + known().recoveryEpoch() + ": delete its claim data-" + node.nodeId() + " and its pod");
    }

    private boolean isOurs(NodeSeen node) {
        return node.state()
                .map(state -> state.clusterId().equals(known().clusterId())
                        && state.recoveryEpoch() == known().recoveryEpoch())
                .orElse(false);
    }

    private Optional<ClusterStep> stuckPod() {
        return seen.nodes().stream()
                .filter(node -> node.stuck().isPresent() && node.outdated() && !node.terminating())
                .findFirst()
                .map(node -> new RestartPod(node.nodeId(), node.stuck().orElse("")));
    }

    private Optional<ClusterStep> majority() {
        if (seen.hasMajority() && seen.leader().isPresent()) {
            return Optional.empty();
        }
        int peers = seen.configuration().size();
        if (peers == 0) {
            return Optional.of(new Wait("NodesStarting", "no node has told its configuration yet"));
        }
        if (seen.recoverFrom().isPresent() && peers > 1) {
            return Optional.of(recovery.asWished(seen.recoverFrom().get()));
        }
        List<String> gone = seen.configuration().stream()
                .filter(recovery::isGone)
                .map(peer -> ClusterNames.nodeId(peer.peerId()))
                .toList();
        if (peers - gone.size() < peers / 2 + 1) {
            return Optional.of(new Refuse(
                    MAJORITY_LOST,
                    "the volumes of " + String.join(", ", gone) + " are lost, and with them the majority of " + peers
                            + ": restore them, or recover from a survivor (docs/operations.md, Forced recovery)"));
        }
        List<String> missing = seen.configuration().stream()
                .filter(peer -> seen.nodes().stream().noneMatch(node -> node.isPeer(peer.peerId()) && node.takesPart()))
                .map(peer -> ClusterNames.nodeId(peer.peerId()))
                .toList();
        return Optional.of(new Wait(
                QUORUM_LOST,
                seen.takingPart() + " of " + peers + " nodes take part, and " + (peers / 2 + 1)
                        + " are needed; missing: " + String.join(", ", missing)));
    }

    private Optional<ClusterStep> recoveryOver() {
        return seen.recoverFrom().map(_ -> new ForgetRecovery());
    }

    private Optional<ClusterStep> changeInProgress() {
        return leading().oldPeers().isEmpty()
                ? Optional.empty()
                : Optional.of(new Wait("ConfigurationChanging", "a change of the Raft configuration is in progress"));
    }

    private Optional<ClusterStep> wipedPeer() {
        for (RaftState.Peer peer : seen.wipedPeers()) {
            Optional<NodeSeen> successor = seen.node(ClusterNames.nodeId(peer.peerId()))
                    .filter(node -> node.isFormed() && !node.terminating());
            if (successor.isPresent()) {
                List<RaftState.Peer> peers = new ArrayList<>(seen.configuration());
                peers.remove(peer);
                peers.add(seen.names().peer(successor.get().peerId()));
                return Optional.of(configure(
                        successor.get().nodeId() + " has lost its volume and comes back as another peer", peers));
            }
        }
        return Optional.empty();
    }

    private Optional<ClusterStep> raise() {
        if (seen.wanted() <= replicas()) {
            return Optional.empty();
        }
        Optional<Integer> leftOver = seen.claims().stream()
                .filter(ordinal -> ordinal >= replicas() && ordinal < seen.wanted())
                .filter(ordinal -> !seen.votingOrdinals().contains(ordinal))
                .min(Integer::compare);
        return Optional.of(leftOver.<ClusterStep>map(ordinal -> new Refuse(
                        "StaleVolume",
                        "the claim data-" + seen.names().nodeId(ordinal)
                                + " was left over when the cluster was made smaller:"
                                + " delete it, and the node will begin with an empty volume"))
                .orElseGet(() -> new RaiseReplicas(seen.wanted())));
    }

    private Optional<ClusterStep> admit() {
        List<RaftState.Peer> now = seen.configuration();
        TreeSet<Integer> voting = seen.votingOrdinals();
        int missing = (int) IntStream.range(0, seen.wanted())
                .filter(ordinal -> !voting.contains(ordinal))
                .count();
        if (missing == 0) {
            return Optional.empty();
        }
        int atOnce = Math.min(missing, now.size() < 3 || now.size() % 2 == 0 ? 1 : 2);
        List<NodeSeen> waiting = seen.nodes().stream()
                .filter(node -> node.ordinal() < seen.wanted() && !voting.contains(node.ordinal()))
                .filter(node -> node.isFormed() && !node.terminating())
                .limit(atOnce)
                .toList();
        if (waiting.size() < atOnce) {
            return Optional.of(new Wait(
                    "NodesStarting",
                    waitingFor(IntStream.range(0, seen.wanted())
                            .filter(ordinal -> !voting.contains(ordinal))
                            .filter(ordinal -> seen.node(ordinal)
                                    .filter(NodeSeen::isFormed)
                                    .isEmpty())
                            .mapToObj(ordinal -> seen.names().nodeId(ordinal))
                            .toList())));
        }
        List<RaftState.Peer> peers = new ArrayList<>(now);
        waiting.forEach(node -> peers.add(seen.names().peer(node.peerId())));
        return Optional.of(configure(
                "admit "
                        + String.join(
                                " and ", waiting.stream().map(NodeSeen::nodeId).toList()),
                peers));
    }

    private Optional<ClusterStep> remove() {
        int highest = seen.votingOrdinals().last();
        if (highest < seen.wanted()) {
            return Optional.empty();
        }
        String leader = leading().nodeId();
        if (ClusterNames.ordinal(leader) >= seen.wanted()) {
            return Optional.of(seen.nodes().stream()
                    .filter(node -> node.ordinal() < seen.wanted() && seen.votes(node) && node.takesPart())
                    .findFirst()
                    .<ClusterStep>map(node -> new MoveLeadership(leader, node.nodeId()))
                    .orElseGet(() -> new Wait("NoSuccessor", "no node that stays can lead yet")));
        }
        List<RaftState.Peer> rest = seen.configuration().stream()
                .filter(peer -> ClusterNames.ordinal(ClusterNames.nodeId(peer.peerId())) != highest)
                .toList();
        long able = seen.nodes().stream()
                .filter(node -> node.ordinal() != highest && seen.votes(node) && node.takesPart())
                .count();
        if (able < rest.size() / 2 + 1) {
            return Optional.of(new Refuse(
                    "UnsafeScaleDown",
                    "without " + seen.names().nodeId(highest) + " only " + able + " of " + rest.size()
                            + " nodes would take part: bring the others back first"));
        }
        return Optional.of(configure("remove " + seen.names().nodeId(highest), rest));
    }

    private Optional<ClusterStep> lower() {
        return replicas() > seen.wanted() ? Optional.of(new LowerReplicas(seen.wanted())) : Optional.empty();
    }

    private Optional<ClusterStep> volumes() {
        return seen.claims().stream()
                .filter(ordinal -> seen.deletesVolumes()
                        && ordinal >= replicas()
                        && seen.node(ordinal).isEmpty())
                .max(Integer::compare)
                .map(DeleteVolume::new);
    }

    private Optional<ClusterStep> roll() {
        List<NodeSeen> outdated =
                seen.nodes().stream().filter(NodeSeen::outdated).toList();
        if (outdated.isEmpty()) {
            return Optional.empty();
        }
        String leader = leading().nodeId();
        NodeSeen next = outdated.stream()
                .filter(node -> !node.ready())
                .findFirst()
                .or(() -> outdated.stream()
                        .filter(node -> !node.nodeId().equals(leader))
                        .findFirst())
                .orElse(outdated.getFirst());
        // ready is not enough: a leader that was just chosen may not have reached a node that was made anew
        List<String> absent = seen.configuration().stream()
                .filter(peer -> !ClusterNames.nodeId(peer.peerId()).equals(next.nodeId()))
                .filter(peer -> leading().silentPeers().contains(peer.peerId())
                        || seen.nodes().stream()
                                .noneMatch(node -> node.isPeer(peer.peerId())
                                        && node.ready()
                                        && node.takesPart()
                                        && !node.terminating()))
                .map(peer -> ClusterNames.nodeId(peer.peerId()))
                .toList();
        if (!absent.isEmpty()) {
            return Optional.of(new Wait("NodesStarting", waitingFor(absent)));
        }
        if (next.terminating()) {
            return Optional.of(new Wait("NodesStarting", waitingFor(List.of(next.nodeId()))));
        }
        if (next.nodeId().equals(leader) && seen.configuration().size() > 1) {
            String to = seen.nodes().stream()
                    .filter(node -> !node.nodeId().equals(leader) && seen.votes(node))
                    .findFirst()
                    .orElseThrow()
                    .nodeId();
            return Optional.of(new MoveLeadership(leader, to));
        }
        return Optional.of(new RestartPod(next.nodeId(), "it was made from an older template"));
    }

    private Configure configure(String what, List<RaftState.Peer> peers) {
        return new Configure(
                what,
                seen.configuration().stream()
                        .map(RaftState.Peer::peerId)
                        .sorted()
                        .toList(),
                List.copyOf(peers));
    }

    private ClusterIdentity known() {
        return seen.identity().orElseThrow();
    }

    private RaftState leading() {
        return seen.leader().orElseThrow();
    }

    private int replicas() {
        return seen.statefulSetReplicas().orElseThrow();
    }

    private static String waitingFor(List<String> nodeIds) {
        return "waiting for " + String.join(", ", nodeIds);
    }
}
