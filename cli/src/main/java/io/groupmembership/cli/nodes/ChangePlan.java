package io.groupmembership.cli.nodes;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.local.LocalNode;
import io.groupmembership.cli.nodes.ChangeStep.Configure;
import io.groupmembership.cli.nodes.ChangeStep.Done;
import io.groupmembership.cli.nodes.ChangeStep.ForgetHere;
import io.groupmembership.cli.nodes.ChangeStep.Form;
import io.groupmembership.cli.nodes.ChangeStep.MoveLeadership;
import io.groupmembership.cli.nodes.ChangeStep.Refuse;
import io.groupmembership.cli.nodes.ChangeStep.SetAside;
import io.groupmembership.cli.nodes.ChangeStep.Wait;
import io.groupmembership.cli.nodes.ChangeStep.WriteHere;
import io.groupmembership.protocol.api.ConfigurationRequest;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.cluster.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The next step of a change of the nodes, from what is seen alone: a command that was cut short and is given again goes
 * on where the first one was.
 *
 * <ul>
 *   <li>Add: start the node with an empty volume, tell it which cluster it is of, admit it.
 *   <li>Remove: move leadership away, take the peer out, end the process, set its directory aside.
 *   <li>Replace: end the process, set its directory aside, start it with an empty volume, tell it which cluster it is
 *       of, and swap the two peers in one change.
 *   <li>Transfer: move leadership, and wait until the node leads.
 * </ul>
 *
 * <p>The invariant: a peer that was taken out never comes back, and no process is ended while the cluster needs it for
 * a majority. Whether a change of the configuration is safe the nodes decide, whoever asks.
 */
final class ChangePlan {
    private static final int MOST_PEERS = 7;

    /** What is asked for. */
    enum Change {
        ADD,
        REMOVE,
        TRANSFER,
        REPLACE
    }

    private final String nodeId;
    private final Sight seen;
    private final boolean begun;

    private ChangePlan(String nodeId, Sight seen, boolean begun) {
        this.nodeId = nodeId;
        this.seen = seen;
        this.begun = begun;
    }

    /** @param begun whether this run of the command has carried out a step */
    static ChangeStep next(Change change, String nodeId, Sight seen, boolean begun) {
        ChangePlan plan = new ChangePlan(nodeId, seen, begun);
        if (!seen.leader().oldPeers().isEmpty()) {
            return new Wait("a change of the configuration that is under way");
        }
        if (!seen.isSettled()) {
            return new Wait("the leader to hear of the others");
        }
        return switch (change) {
            case ADD -> plan.add();
            case REMOVE -> seen.peer(nodeId).map(plan::remove).orElseGet(plan::clearAway);
            case TRANSFER -> seen.peer(nodeId).map(plan::transfer).orElseGet(plan::unknown);
            case REPLACE -> seen.peer(nodeId).map(plan::replace).orElseGet(plan::unknown);
        };
    }

    private ChangeStep unknown() {
        return new Refuse(
                ExitCode.NOT_FOUND,
                nodeId + " is not in the cluster; in are "
                        + seen.peers().stream()
                                .map(peer -> PeerId.nodeId(peer.peerId()))
                                .sorted()
                                .collect(Collectors.joining(", ")));
    }

    // ---- add

    private ChangeStep add() {
        Optional<RaftState.Peer> in = seen.peer(nodeId);
        if (in.isPresent()) {
            return alreadyIn(in.get());
        }
        if (seen.peers().size() >= MOST_PEERS) {
            return new Refuse(ExitCode.CONFLICT, "a cluster has at most " + MOST_PEERS + " nodes, and all are in");
        }
        Optional<ChangeStep> start = seen.here().flatMap(this::startHere);
        return start.orElseGet(() -> withOurVolume(node ->
                new Configure("admit " + nodeId, ConfigurationRequest.admitting(seen.peers(), addresses(node)))));
    }

    private Optional<ChangeStep> startHere(Sight.Here here) {
        if (here.listed().isEmpty()) {
            return Optional.of(
                    here.directory()
                            ? new SetAside(nodeId)
                            : here.offer()
                                    .<ChangeStep>map(offer -> new WriteHere(
                                            "start " + nodeId + " with an empty volume at " + offer.http(), offer))
                                    .orElseGet(() -> new Refuse(ExitCode.ERROR, "no free ports for " + nodeId)));
        }
        return switch (here.listed().get().state()) {
            case RUNNING -> Optional.empty();
            case LEAVING, STOPPED ->
                Optional.of(new Refuse(
                        ExitCode.CONFLICT, "the removal of " + nodeId + " is not finished: gm nodes remove " + nodeId));
        };
    }

    private ChangeStep alreadyIn(RaftState.Peer in) {
        Optional<RaftState> there = seen.candidate();
        if (there.isPresent() && there.get().nodeId().equals(nodeId)) {
            if (!there.get().peerId().equals(in.peerId())) {
                return new Refuse(
                        ExitCode.CONFLICT,
                        nodeId + " is in at " + in.address() + " with another volume than that at "
                                + seen.candidateAt() + ": if that volume is lost, gm nodes replace " + nodeId
                                + "; if its address has changed, remove it, then add it");
            }
            if (!in.equals(there.get().self()) && there.get().self() != null) {
                return new Refuse(
                        ExitCode.CONFLICT,
                        nodeId + " is in at " + in.address() + " and is now at "
                                + addresses(there.get()).address() + ": remove it, then add it with an empty volume");
            }
        }
        if (begun) {
            return seen.takesPart(in)
                    ? new Done(nodeId + " is in: " + nodes())
                    : new Wait(nodeId + ", which is in, to take part");
        }
        return new Refuse(ExitCode.CONFLICT, nodeId + " is in already, at " + in.address());
    }

    private interface Next {
        ChangeStep with(RaftState formed);
    }

    /** Goes on with the node that is to come in, once its volume is of this cluster. */
    private ChangeStep withOurVolume(Next next) {
        if (seen.candidate().isEmpty()) {
            return new Wait(nodeId + " to answer at " + seen.candidateAt());
        }
        RaftState node = seen.candidate().get();
        if (!node.nodeId().equals(nodeId)) {
            return new Refuse(
                    ExitCode.CONFLICT, "at " + seen.candidateAt() + " is " + node.nodeId() + ", and not " + nodeId);
        }
        if (node.role().equals(Sight.UNFORMED)) {
            return new Form(node);
        }
        if (!node.clusterId().equals(seen.leader().clusterId())
                || node.recoveryEpoch() != seen.leader().recoveryEpoch()) {
            return new Refuse(
                    ExitCode.CONFLICT,
                    "the volume of " + nodeId + " at " + seen.candidateAt() + " is of cluster " + node.clusterId()
                            + ", recovery epoch " + node.recoveryEpoch() + ", and this cluster is "
                            + seen.leader().clusterId() + ", recovery epoch "
                            + seen.leader().recoveryEpoch() + ": start it with an empty volume");
        }
        if (node.self() == null) {
            return new Refuse(ExitCode.ERROR, nodeId + " does not tell its addresses: is it of an older version?");
        }
        return next.with(node);
    }

    private static RaftState.Peer addresses(RaftState node) {
        return Optional.ofNullable(node.self()).orElseThrow();
    }

    // ---- remove

    private ChangeStep remove(RaftState.Peer in) {
        if (seen.peers().size() == 1) {
            return new Refuse(ExitCode.CONFLICT, nodeId + " is the last node: gm down stops it");
        }
        return leadershipAway(in, seen.peers().size() - 1)
                .or(() -> seen.here()
                        .flatMap(Sight.Here::listed)
                        .filter(node -> node.state() == LocalNode.State.RUNNING)
                        .map(node -> new WriteHere("begin to remove " + nodeId, node.in(LocalNode.State.LEAVING))))
                .orElseGet(() ->
                        new Configure("take " + nodeId + " out", ConfigurationRequest.removing(seen.peers(), in)));
    }

    /** What is left of a node that is out. */
    private ChangeStep clearAway() {
        return seen.here()
                .flatMap(this::clearAwayHere)
                .orElseGet(() -> begun ? new Done(nodeId + " is out: " + nodes()) : unknown());
    }

    private Optional<ChangeStep> clearAwayHere(Sight.Here here) {
        return stopped(here, () -> here.listed().map(_ -> new ForgetHere(nodeId)));
    }

    /** Ends a node and sets its directory aside, then goes on. */
    private Optional<ChangeStep> stopped(Sight.Here here, Supplier<Optional<ChangeStep>> then) {
        Optional<LocalNode> running = here.listed().filter(LocalNode::runs);
        if (running.isPresent()) {
            return Optional.of(new WriteHere("stop " + nodeId, running.get().in(LocalNode.State.STOPPED)));
        }
        if (here.running()) {
            return Optional.of(new Wait("the process of " + nodeId + " to end"));
        }
        return here.directory() ? Optional.of(new SetAside(nodeId)) : then.get();
    }

    /**
     * Empty where another node leads.
     *
     * @param size of the cluster of which the others must be a majority
     */
    private Optional<ChangeStep> leadershipAway(RaftState.Peer from, int size) {
        if (!seen.leader().peerId().equals(from.peerId())) {
            return Optional.empty();
        }
        List<RaftState.Peer> others = seen.othersTakingPart(from);
        if (others.size() < size / 2 + 1) {
            return Optional.of(noMajority(others.size(), size));
        }
        return Optional.of(new MoveLeadership(PeerId.nodeId(others.getFirst().peerId())));
    }

    private ChangeStep noMajority(int others, int size) {
        return new Refuse(
                ExitCode.CONFLICT,
                "without " + nodeId + " only " + others + " of " + size + " nodes would take part, and "
                        + (size / 2 + 1) + " are needed: bring the others back first");
    }

    // ---- replace

    private ChangeStep replace(RaftState.Peer in) {
        int size = seen.peers().size();
        if (isWhole(in)) {
            return begun
                    ? new Done(nodeId + " is back as a new peer: " + nodes())
                    : new Refuse(
                            ExitCode.CONFLICT,
                            nodeId + " takes part with the volume it has: there is nothing to replace");
        }
        if (answersWith(in)) {
            return new Wait(nodeId + " to take part with the volume it has");
        }
        Optional<ChangeStep> away = leadershipAway(in, size);
        if (away.isPresent()) {
            return away.get();
        }
        int others = seen.othersTakingPart(in).size();
        if (others < size / 2 + 1) {
            return noMajority(others, size);
        }
        return seen.here().flatMap(here -> startAnew(here, in)).orElseGet(() -> swap(in));
    }

    /** The peer takes part, and its volume is there: nothing is to be replaced. */
    private boolean isWhole(RaftState.Peer in) {
        return hasVolumeOf(in) && seen.takesPart(in);
    }

    /** The node runs with the volume of the peer that is in: it is on its way, and not to be replaced. */
    private boolean answersWith(RaftState.Peer in) {
        return hasVolumeOf(in)
                && (begun || seen.here().isPresent())
                && seen.candidate()
                        .filter(node -> node.peerId().equals(in.peerId()))
                        .isPresent();
    }

    private boolean hasVolumeOf(RaftState.Peer in) {
        return seen.here()
                .map(here -> here.volume().equals(Optional.of(in.peerId()))
                        && here.listed().filter(node -> !node.runs()).isEmpty())
                .orElse(true);
    }

    private Optional<ChangeStep> startAnew(Sight.Here here, RaftState.Peer in) {
        Optional<LocalNode> listed = here.listed();
        if (listed.isEmpty()) {
            return Optional.empty();
        }
        LocalNode node = listed.get();
        boolean another =
                here.volume().filter(volume -> !volume.equals(in.peerId())).isPresent();
        if (node.runs() && !node.founder() && (another || node.replaces().equals(in.peerId()))) {
            return Optional.empty();
        }
        return stopped(
                here,
                () -> Optional.of(
                        new WriteHere("start " + nodeId + " with an empty volume", node.insteadOf(in.peerId()))));
    }

    private ChangeStep swap(RaftState.Peer in) {
        if (seen.candidate().filter(node -> node.peerId().equals(in.peerId())).isPresent()) {
            return new Refuse(
                    ExitCode.CONFLICT,
                    "at " + seen.candidateAt() + " is still the old volume of " + nodeId
                            + ": start the node there with an empty one first");
        }
        return withOurVolume(node -> new Configure(
                "swap the old peer of " + nodeId + " for the new one",
                ConfigurationRequest.swapping(seen.peers(), in, addresses(node))));
    }

    // ---- transfer

    private ChangeStep transfer(RaftState.Peer to) {
        if (seen.leader().peerId().equals(to.peerId())) {
            return new Done(nodeId + " leads" + (begun ? "" : " already"));
        }
        if (!seen.takesPart(to)) {
            return new Refuse(ExitCode.CONFLICT, nodeId + " does not take part, or is not caught up: it can't lead");
        }
        return new MoveLeadership(nodeId);
    }

    private String nodes() {
        return seen.peers().size() == 1
                ? "the cluster has 1 node"
                : "the cluster has " + seen.peers().size() + " nodes";
    }
}
