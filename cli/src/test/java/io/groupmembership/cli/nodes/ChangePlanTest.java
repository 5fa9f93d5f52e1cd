package io.groupmembership.cli.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.local.LocalNode;
import io.groupmembership.cli.nodes.ChangePlan.Change;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.cluster.NodePorts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Peers are written as the number of the node and a letter for the volume: 2b is node-2's second volume. */
class ChangePlanTest {
    private static final String CLUSTER = "c0ffee00-0000-4000-8000-000000000000";
    private static final String OTHER = "0badcafe-0000-4000-8000-000000000000";

    private final Set<String> down = new HashSet<>();
    private List<RaftState.Peer> oldPeers = List.of();
    private String leader = "1a";
    private Optional<RaftState> candidate = Optional.empty();
    private Optional<Sight.Here> here = Optional.empty();
    private boolean begun;

    private static String peerId(String peer) {
        return "node-" + peer.charAt(0) + "." + String.valueOf(peer.charAt(1)).repeat(8)
                + "-0000-4000-8000-000000000000";
    }

    private static RaftState.Peer peer(String peer) {
        return NodePorts.ofBase(7700 + peer.charAt(0) - '0').peer(peerId(peer), "127.0.0.1");
    }

    private RaftState state(String peer, String role, String clusterId, RaftState.Peer self, List<String> peers) {
        return new RaftState(
                clusterId,
                0,
                "node-" + peer.charAt(0),
                peerId(peer),
                role,
                3,
                peers.isEmpty() ? null : "node-" + leader.charAt(0),
                50_000,
                50_000,
                -1,
                3,
                peers.isEmpty() ? -1 : 50_000,
                peers.stream().map(ChangePlanTest::peer).toList(),
                oldPeers,
                role.equals("leader")
                        ? down.stream()
                                .filter(peers::contains)
                                .map(ChangePlanTest::peerId)
                                .toList()
                        : List.of(),
                "local",
                self);
    }

    private ChangeStep next(Change change, String nodeId, String... peers) {
        Map<String, RaftState> states = new HashMap<>();
        List<String> all = List.of(peers);
        for (String peer : all) {
            if (!down.contains(peer)) {
                states.put(
                        peerId(peer),
                        state(peer, peer.equals(leader) ? "leader" : "follower", CLUSTER, peer(peer), all));
            }
        }
        RaftState leading = Objects.requireNonNull(states.get(peerId(leader)));
        return ChangePlan.next(change, nodeId, new Sight(leading, states, candidate, "127.0.0.1:7744", here), begun);
    }

    private void waits(String peer) {
        candidate = Optional.of(state(peer, "unformed", "", peer(peer), List.of()));
    }

    private void formed(String peer, String clusterId) {
        candidate = Optional.of(state(peer, "follower", clusterId, peer(peer), List.of()));
    }

    private static LocalNode local(String nodeId, boolean founder, int life, LocalNode.State state) {
        return new LocalNode(
                nodeId,
                "127.0.0.1",
                7700 + nodeId.charAt(5) - '0',
                founder,
                life,
                life == 2 ? peerId(nodeId.charAt(5) + "a") : "",
                state);
    }

    /** The node as this machine has it. */
    private void here(Optional<LocalNode> listed, boolean running, Optional<String> volume) {
        here = Optional.of(new Sight.Here(
                listed,
                listed.isEmpty() ? Optional.of(local("node-4", false, 1, LocalNode.State.RUNNING)) : Optional.empty(),
                running,
                volume.isPresent(),
                volume.map(ChangePlanTest::peerId)));
    }

    private static void assertRefused(ChangeStep step, int exitCode, String why) {
        assertThat(step).isInstanceOfSatisfying(ChangeStep.Refuse.class, refusal -> {
            assertThat(refusal.exitCode()).isEqualTo(exitCode);
            assertThat(refusal.why()).contains(why);
        });
    }

    private static void assertConfigures(ChangeStep step, String... peers) {
        assertThat(step).isInstanceOfSatisfying(ChangeStep.Configure.class, configure -> {
            List<String> wanted = new ArrayList<>();
            Objects.requireNonNull(configure.request().peers())
                    .forEach(peer -> wanted.add(Objects.requireNonNull(peer).peerId()));
            assertThat(wanted)
                    .containsExactly(
                            List.of(peers).stream().map(ChangePlanTest::peerId).toArray(String[]::new));
        });
    }

    @Test
    void aNodeIsStartedThenToldItsClusterThenAdmitted() {
        here(Optional.empty(), false, Optional.empty());
        assertThat(next(Change.ADD, "node-4", "1a", "2a", "3a")).isInstanceOf(ChangeStep.WriteHere.class);

        begun = true;
        here(Optional.of(local("node-4", false, 1, LocalNode.State.RUNNING)), true, Optional.empty());
        assertThat(next(Change.ADD, "node-4", "1a", "2a", "3a")).isInstanceOf(ChangeStep.Wait.class);
        waits("4a");
        assertThat(next(Change.ADD, "node-4", "1a", "2a", "3a")).isInstanceOf(ChangeStep.Form.class);
        formed("4a", CLUSTER);
        assertConfigures(next(Change.ADD, "node-4", "1a", "2a", "3a"), "1a", "2a", "3a", "4a");
        assertThat(next(Change.ADD, "node-4", "1a", "2a", "3a", "4a")).isInstanceOf(ChangeStep.Done.class);
        down.add("4a");
        assertThat(next(Change.ADD, "node-4", "1a", "2a", "3a", "4a")).isInstanceOf(ChangeStep.Wait.class);
    }

    @Test
    void whatARemovalLeftIsSetAsideBeforeTheNameComesInAgain() {
        here(Optional.empty(), false, Optional.of("4a"));
        assertThat(next(Change.ADD, "node-4", "1a", "2a", "3a")).isEqualTo(new ChangeStep.SetAside("node-4"));
        here(Optional.of(local("node-4", false, 1, LocalNode.State.LEAVING)), true, Optional.of("4a"));
        assertRefused(next(Change.ADD, "node-4", "1a", "2a", "3a"), ExitCode.CONFLICT, "gm nodes remove node-4");
    }

    @Test
    void whoCanNotComeInIsRefusedWithTheReason() {
        assertRefused(next(Change.ADD, "node-2", "1a", "2a", "3a"), ExitCode.CONFLICT, "node-2 is in already");
        formed("4a", OTHER);
        assertRefused(next(Change.ADD, "node-4", "1a", "2a", "3a"), ExitCode.CONFLICT, "is of cluster " + OTHER);
        waits("5a");
        assertRefused(next(Change.ADD, "node-4", "1a", "2a", "3a"), ExitCode.CONFLICT, "is node-5, and not node-4");
        waits("2b");
        assertRefused(next(Change.ADD, "node-2", "1a", "2a", "3a"), ExitCode.CONFLICT, "remove it, then add it");
        candidate = Optional.of(
                state("2a", "follower", CLUSTER, NodePorts.ofBase(8800).peer(peerId("2a"), "elsewhere"), List.of()));
        assertRefused(next(Change.ADD, "node-2", "1a", "2a", "3a"), ExitCode.CONFLICT, "is now at elsewhere:8810");
        assertRefused(
                next(Change.ADD, "node-8", "1a", "2a", "3a", "4a", "5a", "6a", "7a"),
                ExitCode.CONFLICT,
                "at most 7 nodes");
    }

    @Test
    void aLeaderIsRemovedAfterItsLeadershipHasMoved() {
        leader = "2a";
        down.add("1a");
        assertThat(next(Change.REMOVE, "node-2", "1a", "2a", "3a", "4a"))
                .isEqualTo(new ChangeStep.MoveLeadership("node-3"));
        leader = "3a";
        assertConfigures(next(Change.REMOVE, "node-2", "1a", "2a", "3a", "4a"), "1a", "3a", "4a");
    }

    @Test
    void aLeaderWithoutWhomThereIsNoMajorityStays() {
        down.add("3a");
        assertRefused(next(Change.REMOVE, "node-1", "1a", "2a", "3a"), ExitCode.CONFLICT, "only 1 of 2 nodes");
        assertRefused(next(Change.REMOVE, "node-1", "1a"), ExitCode.CONFLICT, "the last node");
        assertRefused(next(Change.REMOVE, "node-9", "1a", "2a"), ExitCode.NOT_FOUND, "in are node-1, node-2");
    }

    @Test
    void aRemovalIsWrittenDownCarriedOutAndClearedAway() {
        here(Optional.of(local("node-3", true, 1, LocalNode.State.RUNNING)), true, Optional.of("3a"));
        assertThat(next(Change.REMOVE, "node-3", "1a", "2a", "3a"))
                .isInstanceOfSatisfying(
                        ChangeStep.WriteHere.class,
                        write -> assertThat(write.node().state()).isEqualTo(LocalNode.State.LEAVING));
        here(Optional.of(local("node-3", true, 1, LocalNode.State.LEAVING)), true, Optional.of("3a"));
        assertConfigures(next(Change.REMOVE, "node-3", "1a", "2a", "3a"), "1a", "2a");
        assertThat(next(Change.REMOVE, "node-3", "1a", "2a"))
                .isInstanceOfSatisfying(
                        ChangeStep.WriteHere.class,
                        write -> assertThat(write.node().runs()).isFalse());
        here(Optional.of(local("node-3", true, 1, LocalNode.State.STOPPED)), true, Optional.of("3a"));
        assertThat(next(Change.REMOVE, "node-3", "1a", "2a")).isInstanceOf(ChangeStep.Wait.class);
        here(Optional.of(local("node-3", true, 1, LocalNode.State.STOPPED)), false, Optional.of("3a"));
        assertThat(next(Change.REMOVE, "node-3", "1a", "2a")).isEqualTo(new ChangeStep.SetAside("node-3"));
        here(Optional.of(local("node-3", true, 1, LocalNode.State.STOPPED)), false, Optional.empty());
        assertThat(next(Change.REMOVE, "node-3", "1a", "2a")).isEqualTo(new ChangeStep.ForgetHere("node-3"));
        here = Optional.empty();
        begun = true;
        assertThat(next(Change.REMOVE, "node-3", "1a", "2a")).isInstanceOf(ChangeStep.Done.class);
    }

    @Test
    void aLostVolumeIsReplacedBySwappingThePeersInOneChange() {
        down.add("2a");
        here(Optional.of(local("node-2", true, 1, LocalNode.State.RUNNING)), false, Optional.empty());
        assertThat(next(Change.REPLACE, "node-2", "1a", "2a", "3a"))
                .isInstanceOfSatisfying(
                        ChangeStep.WriteHere.class,
                        write -> assertThat(write.node().runs()).isFalse());
        here(Optional.of(local("node-2", true, 1, LocalNode.State.STOPPED)), false, Optional.empty());
        assertThat(next(Change.REPLACE, "node-2", "1a", "2a", "3a"))
                .isInstanceOfSatisfying(ChangeStep.WriteHere.class, write -> {
                    assertThat(write.node().runs()).isTrue();
                    assertThat(write.node().founder()).isFalse();
                    assertThat(write.node().life()).isEqualTo(2);
                });
        here(Optional.of(local("node-2", false, 2, LocalNode.State.RUNNING)), true, Optional.empty());
        assertThat(next(Change.REPLACE, "node-2", "1a", "2a", "3a")).isInstanceOf(ChangeStep.Wait.class);
        here(Optional.of(local("node-2", false, 2, LocalNode.State.RUNNING)), true, Optional.of("2b"));
        waits("2b");
        assertThat(next(Change.REPLACE, "node-2", "1a", "2a", "3a")).isInstanceOf(ChangeStep.Form.class);
        formed("2b", CLUSTER);
        assertConfigures(next(Change.REPLACE, "node-2", "1a", "2a", "3a"), "1a", "3a", "2b");
        begun = true;
        assertThat(next(Change.REPLACE, "node-2", "1a", "3a", "2b")).isInstanceOf(ChangeStep.Done.class);
    }

    @Test
    void aNewPeerThatDoesNotTakePartYetIsWaitedForAndNotReplacedOnceMore() {
        here(Optional.of(local("node-2", false, 2, LocalNode.State.RUNNING)), true, Optional.of("2b"));
        formed("2b", CLUSTER);
        down.add("2b");
        assertThat(next(Change.REPLACE, "node-2", "1a", "3a", "2b")).isInstanceOf(ChangeStep.Wait.class);
    }

    @Test
    void aVolumeThatIsDeletedUnderARunningLeaderIsReplacedAfterLeadershipHasMoved() {
        here(Optional.of(local("node-1", true, 1, LocalNode.State.RUNNING)), true, Optional.empty());
        assertThat(next(Change.REPLACE, "node-1", "1a", "2a", "3a")).isInstanceOf(ChangeStep.MoveLeadership.class);
    }

    @Test
    void nothingIsReplacedThatIsWholeOrThatTheOthersNeed() {
        here(Optional.of(local("node-2", true, 1, LocalNode.State.RUNNING)), true, Optional.of("2a"));
        assertRefused(next(Change.REPLACE, "node-2", "1a", "2a", "3a"), ExitCode.CONFLICT, "nothing to replace");
        here(Optional.of(local("node-2", true, 1, LocalNode.State.RUNNING)), true, Optional.empty());
        down.add("3a");
        assertRefused(next(Change.REPLACE, "node-2", "1a", "2a", "3a"), ExitCode.CONFLICT, "only 1 of 3 nodes");
        assertRefused(next(Change.REPLACE, "node-2", "1a", "2a"), ExitCode.CONFLICT, "only 1 of 2 nodes");
    }

    @Test
    void leadershipMovesToWhoTakesPart() {
        assertThat(next(Change.TRANSFER, "node-2", "1a", "2a", "3a"))
                .isEqualTo(new ChangeStep.MoveLeadership("node-2"));
        assertThat(next(Change.TRANSFER, "node-1", "1a", "2a", "3a")).isInstanceOf(ChangeStep.Done.class);
        down.add("3a");
        assertRefused(next(Change.TRANSFER, "node-3", "1a", "2a", "3a"), ExitCode.CONFLICT, "can't lead");
        assertRefused(next(Change.TRANSFER, "node-4", "1a", "2a", "3a"), ExitCode.NOT_FOUND, "not in the cluster");
    }

    @Test
    void aLeaderThatHasHeardOfNobodyYetIsWaitedFor() {
        down.addAll(List.of("2a", "3a"));
        assertThat(next(Change.REMOVE, "node-3", "1a", "2a", "3a")).isInstanceOf(ChangeStep.Wait.class);
    }

    @Test
    void aChangeThatIsUnderWayIsWaitedFor() {
        oldPeers = List.of(peer("1a"));
        for (Change change : Change.values()) {
            assertThat(next(change, "node-2", "1a", "2a", "3a")).isInstanceOf(ChangeStep.Wait.class);
        }
    }
}
