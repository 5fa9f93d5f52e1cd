package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.node.identity.Formation;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.api.RaftState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster as an operator forms it: a founder on an empty volume, and others that are admitted one after the other. */
class FormedClusterTest {
    private static final GroupKey GROUP = new GroupKey("default", "payments");

    private final String clusterId = UUID.randomUUID().toString();
    private final int firstPort = 15_000 + ThreadLocalRandom.current().nextInt(15_000);
    private final List<RaftNode> running = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void stopAll() {
        running.forEach(node -> node.stop(Duration.ofMillis(200)));
    }

    @Test
    void aFounderAdmitsTheOthersAndServesClientsOnceAllAreIn() throws Exception {
        RaftNode founder = start(volume("demo-0", true));
        Awaitility.await().until(() -> founder.status().ready());
        assertThat(founder.servesClients()).isFalse();

        RaftNode second = start(volume("demo-1", false));
        assertThat(second.status().state().peers()).isEmpty();
        admit(founder, second);
        assertThat(founder.servesClients()).isFalse();

        RaftNode third = start(volume("demo-2", false));
        admit(founder, third);
        for (RaftNode node : running) {
            Awaitility.await().until(node::servesClients);
            assertThat(node.status().state().peers()).hasSize(3);
        }

        Awaitility.await().until(() -> leader().status().state().silentPeers().isEmpty());

        Command.NodeUp up =
                new Command.NodeUp("demo-2", "http://h:1", "h:1", NodeRecord.hashKey("demo-2", "http://h:1", "demo"));
        third.submit(new Request(Optional.empty(), up)).get(5, TimeUnit.SECONDS);
        third.barrier().get(5, TimeUnit.SECONDS);
        assertThat(third.<Boolean>read(state -> state.node("demo-2").isPresent()))
                .isTrue();

        stop("demo-2");
        Awaitility.await()
                .until(
                        () -> leader().status().state().silentPeers(),
                        List.of(third.self().peerId())::equals);
    }

    @Test
    void aNodeThatServedClientsDoesSoAgainAfterARestart() throws Exception {
        Identity alone = volume("demo-0", true, 1);
        assertThat(start(alone).servesClients()).isTrue();
        RaftNode founder = start(volume("demo-1", true, 2));
        RaftNode second = start(volume("demo-2", false, 2));
        Awaitility.await().until(() -> founder.status().ready());
        admit(founder, second);
        Awaitility.await().until(founder::servesClients);
        running.remove(second);
        second.stop(Duration.ofMillis(200));
        running.remove(founder);
        founder.stop(Duration.ofMillis(200));

        assertThat(start(load("demo-1")).servesClients()).isTrue();
    }

    @Test
    void aSurvivorGoesOnAloneAndAdmitsOthers() throws Exception {
        RaftNode survivor = start(volume("demo-0", true, 1));
        for (String nodeId : List.of("demo-1", "demo-2")) {
            admit(leader(), start(volume(nodeId, false, 1)));
        }
        Result.Joined before = join(survivor, "a");
        stop("demo-1");
        stop("demo-2");
        Awaitility.await().until(() -> survivor.status().leaderNodeId().isEmpty());

        survivor.recover(1);
        stop("demo-0");
        RaftNode recovered = start(recovered("demo-0"));

        Awaitility.await().until(() -> recovered.status().ready() && recovered.servesClients());
        assertThat(recovered.status().state().peers()).hasSize(1);
        assertThat(recovered.status().state().recoveryEpoch()).isEqualTo(1);
        assertThat(recovered.<Boolean>read(state -> state.member(GROUP, "a")
                        .filter(member -> member.incarnation() == before.incarnation())
                        .isPresent()))
                .isTrue();
        assertThat(join(recovered, "b").incarnation()).isGreaterThan(1L << 40);

        // one of the old ones comes back: it is of the old group, and hears of nobody
        RaftNode stale = start(load("demo-1"));
        RaftNode fresh = start(volume("demo-3", false, 1, 1));
        admit(leader(), fresh);
        Awaitility.await().until(() -> fresh.status().ready() && fresh.servesClients());
        assertThat(fresh.<Long>read(MembershipState::recoveryEpoch)).isEqualTo(1);
        assertThat(stale.status().ready()).isFalse();

        // and everything holds after a restart of both
        stop("demo-0");
        stop("demo-3");
        RaftNode again = start(load("demo-0"));
        start(load("demo-3"));
        Awaitility.await().until(() -> again.status().ready() && again.servesClients());
        assertThat(again.status().state().peers()).hasSize(2);
        assertThat(again.<Integer>read(MembershipState::memberCount)).isEqualTo(2);
    }

    /** The node restarts before it has heard of a leader again: its snapshot and its mark say what was agreed on. */
    @Test
    void membersOfASurvivorThatRestartedStay() throws Exception {
        RaftNode survivor = start(volume("demo-0", true, 1));
        admit(leader(), start(volume("demo-1", false, 1)));
        Result.Joined before = join(survivor, "a");
        Path mark = directory.resolve("demo-0").resolve("incarnation.proven");
        Awaitility.await()
                .until(() -> Files.exists(mark) && Long.parseLong(Files.readString(mark)) >= before.incarnation());
        stop("demo-1");
        stop("demo-0");

        RaftNode restarted = start(load("demo-0"));
        restarted.recover(1);
        stop("demo-0");
        RaftNode recovered = start(recovered("demo-0"));

        Awaitility.await().until(() -> recovered.status().ready());
        assertThat(recovered.<Boolean>read(state -> state.member(GROUP, "a").isPresent()))
                .isTrue();
    }

    @Test
    void aVolumeThatWasNotFormedStartsNoRaftServer() {
        Volume volume = Volume.open(directory.resolve("demo-0"), "demo-0");
        assertThatThrownBy(() ->
                        NodeIdentity.ofVolume(directory.resolve("demo-0"), volume, "127.0.0.1", "127.0.0.1", 7700))
                .hasMessageContaining("is of no cluster yet");
    }

    private RaftNode leader() {
        return Awaitility.await()
                .until(
                        () -> running.stream()
                                .filter(node -> node.status().isLeader()
                                        && node.status().ready())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Result.Joined join(RaftNode node, String memberId) throws Exception {
        MemberSpec spec = MemberSpec.of(
                memberId, "127.0.0.1:7000", HeartbeatMode.TCP, "127.0.0.1:7000", Optional.empty(), Map.of());
        Command join = new Command.Join(GROUP, List.of(new Command.Joiner(spec, OptionalLong.empty())));
        Result result = node.submit(new Request(Optional.empty(), join)).get(10, TimeUnit.SECONDS);
        return (Result.Joined) ((Result.Joins) result).results().getFirst();
    }

    private void stop(String nodeId) {
        RaftNode node = running.stream()
                .filter(one -> one.self().peerId().startsWith(nodeId + "."))
                .findFirst()
                .orElseThrow();
        running.remove(node);
        node.stop(Duration.ofMillis(200));
    }

    /** As a process does at its start. */
    private Identity recovered(String nodeId) {
        ForcedRecovery.finish(load(nodeId).value());
        return load(nodeId);
    }

    private record Identity(NodeIdentity value) {}

    private Identity volume(String nodeId, boolean founder) throws IOException {
        return volume(nodeId, founder, 3);
    }

    private Identity volume(String nodeId, boolean founder, int minimumPeers) throws IOException {
        return volume(nodeId, founder, minimumPeers, 0);
    }

    private Identity volume(String nodeId, boolean founder, int minimumPeers, long epoch) throws IOException {
        Path data = directory.resolve(nodeId);
        Volume.open(data, nodeId).form(new Formation(clusterId, "demo", epoch, founder, minimumPeers), data);
        return load(nodeId);
    }

    private Identity load(String nodeId) {
        Path data = directory.resolve(nodeId);
        int basePort = firstPort + 100 * (nodeId.charAt(nodeId.length() - 1) - '0');
        return new Identity(NodeIdentity.ofVolume(data, Volume.open(data, nodeId), "127.0.0.1", "127.0.0.1", basePort));
    }

    private RaftNode start(Identity identity) {
        RaftNode node = new RaftNode(
                identity.value(), TestCluster.settings(identity.value()), Optional.empty(), (code, line) -> {
                    if (!line.contains("go on alone")) {
                        throw new IllegalStateException("ended with " + code + ": " + line);
                    }
                });
        node.start();
        running.add(node);
        return node;
    }

    private static void admit(RaftNode leader, RaftNode joiner) throws Exception {
        List<RaftState.Peer> peers = new ArrayList<>(leader.status().state().peers());
        peers.add(joiner.self());
        RaftState state = new RaftAdministrator(leader)
                .changeConfiguration(Optional.empty(), peers)
                .get(30, TimeUnit.SECONDS);
        assertThat(state.peers()).containsAll(peers);
    }
}
