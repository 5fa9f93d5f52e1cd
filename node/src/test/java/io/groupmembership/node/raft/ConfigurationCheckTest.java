package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.api.RaftState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfigurationCheckTest {
    private static final List<RaftState.Peer> THREE = peers(1, 2, 3);

    private static RaftState.Peer peer(int number) {
        return new RaftState.Peer(
                "node-" + number + ".00000000-0000-0000-0000-00000000000" + number,
                "10.0.0." + number + ":1",
                "10.0.0." + number + ":2",
                "10.0.0." + number + ":3");
    }

    private static List<RaftState.Peer> peers(int... numbers) {
        return IntStream.of(numbers).mapToObj(ConfigurationCheckTest::peer).toList();
    }

    private static Set<String> ids(List<RaftState.Peer> peers) {
        return peers.stream().map(RaftState.Peer::peerId).collect(Collectors.toSet());
    }

    private static Optional<String> refusal(List<RaftState.Peer> now, List<RaftState.Peer> wanted, int... reachable) {
        return ConfigurationCheck.refusal(now, false, Optional.empty(), wanted, ids(peers(reachable)));
    }

    @Test
    void theStepsOfScalingAreAccepted() {
        assertThat(refusal(peers(1), peers(1, 2), 1)).isEmpty();
        assertThat(refusal(peers(1, 2), THREE, 1, 2)).isEmpty();
        assertThat(refusal(THREE, peers(1, 2, 3, 4, 5), 1, 2, 3)).isEmpty();
        assertThat(refusal(peers(1, 2, 3, 4, 5), THREE, 1, 2, 3, 4, 5)).isEmpty();
        assertThat(refusal(THREE, THREE, 1, 2, 3)).isEmpty();
    }

    @Test
    void aDeadPeerMayBeReplaced() {
        assertThat(refusal(THREE, peers(1, 2, 4), 1, 2)).isEmpty();
    }

    @Test
    void stepsThatAreTooLargeAreRefused() {
        assertThat(refusal(peers(1), THREE, 1)).get().asString().contains("smaller steps");
        assertThat(refusal(THREE, peers(1, 4, 5), 1, 2, 3)).get().asString().contains("adds 2 of 3");
        assertThat(refusal(THREE, peers(1, 2, 3, 4, 5, 6), 1, 2, 3))
                .get()
                .asString()
                .contains("adds 3 of 6");
        assertThat(refusal(THREE, peers(4), 1, 2, 3)).get().asString().contains("must stay");
    }

    @Test
    void aRemovalThatWouldLeaveNoReachableMajorityIsRefused() {
        assertThat(refusal(THREE, peers(1, 3), 1, 2)).get().asString().contains("no majority");
        assertThat(refusal(THREE, peers(1, 2), 1, 2)).isEmpty();
    }

    @Test
    void anAddressOfAPeerCannotBeChanged() {
        RaftState.Peer moved = new RaftState.Peer(peer(3).peerId(), "10.9.9.9:1", "10.9.9.9:2", "10.9.9.9:3");
        assertThat(refusal(THREE, List.of(peer(1), peer(2), moved), 1, 2, 3))
                .get()
                .asString()
                .contains("remove it, and add it anew");
    }

    @Test
    void aCallerThatHasAnotherPictureIsRefused() {
        assertThat(ConfigurationCheck.refusal(
                        THREE, false, Optional.of(List.of(peer(1).peerId())), peers(1, 2), ids(THREE)))
                .get()
                .asString()
                .contains("not the expected one");
    }

    @Test
    void oneChangeAtATime() {
        assertThat(ConfigurationCheck.refusal(THREE, true, Optional.empty(), peers(1, 2), ids(THREE)))
                .get()
                .asString()
                .contains("under way");
    }

    @Test
    void whatIsNoConfigurationIsRefused() {
        assertThat(refusal(THREE, List.of(), 1, 2, 3)).get().asString().contains("1 to 7 peers");
        assertThat(refusal(THREE, List.of(peer(1), peer(2), peer(2)), 1, 2, 3))
                .get()
                .asString()
                .contains("twice");
    }
}
