package io.groupmembership.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Nodes;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who leads, and who can't. {@code docs/demonstrations.md} shows the same by hand. */
@ExtendWith(Started.class)
class ElectionDemonstrationsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int ROUNDS = 3;

    @TempDir
    static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(directory);
    }

    @AfterEach
    void makeWhole() throws Exception {
        rig.makeWhole();
    }

    private static RigNode named(String nodeId) {
        return rig.running().stream()
                .filter(node -> node.nodeId.equals(nodeId))
                .findFirst()
                .orElseThrow();
    }

    private static List<RigNode> without(RigNode one) {
        return rig.running().stream().filter(node -> node != one).toList();
    }

    private static void cutOff(RigNode one) throws IOException, InterruptedException {
        for (RigNode other : without(one)) {
            rig.network.part(one.place, other.place);
        }
    }

    private static JsonNode lastEntry(RigNode node) throws IOException, InterruptedException {
        return node.raft().path("lastLogIndex");
    }

    // ---- one leader

    @Test
    void threeNodesElectOneLeaderAndAgreeOnItAndItsTerm() throws Exception {
        assertTheOthersElectOneAndTheOldOneFollows();
    }

    @Test
    void fiveNodesElectOneLeaderAndAgreeOnItAndItsTerm() throws Exception {
        List<RigNode> five = List.of(rig.node(1), rig.node(2), rig.node(3), rig.node(4), rig.node(5));
        assertThat(rig.bringIn(five, LIMIT)).isEmpty();

        assertTheOthersElectOneAndTheOldOneFollows();
    }

    private static void assertTheOthersElectOneAndTheOldOneFollows() throws IOException, InterruptedException {
        // given
        int all = rig.running().size();
        RaftStates before = RaftStates.awaitAgreement(rig.running());
        RigNode old = named(before.leader());

        // when
        rig.kill(old);
        RaftStates elected = RaftStates.awaitAgreement(rig.running());

        // then
        assertThat(elected.byNode()).hasSize(all - 1);
        assertThat(elected.leading()).hasSize(1).doesNotContain(old.nodeId);
        assertThat(elected.term()).isGreaterThan(before.term());
        System.out.println(
                all + " nodes: " + words(before) + "; killed, then of the other " + (all - 1) + " " + words(elected));

        // when
        rig.start(old);

        // then
        RaftStates whole = RaftStates.awaitAgreement(rig.running());
        assertThat(whole.byNode()).hasSize(all);
        assertThat(whole.leader()).isEqualTo(elected.leader());
        assertThat(whole.term()).isEqualTo(elected.term());
    }

    private static String words(RaftStates states) {
        return states.leader() + " leads in term " + states.term();
    }

    /** What takes the leader away. */
    private enum Loss {
        KILLED {
            @Override
            void of(RigNode leader) {
                rig.kill(leader);
            }
        },
        CUT_OFF {
            @Override
            void of(RigNode leader) throws IOException, InterruptedException {
                cutOff(leader);
            }
        },
        PAUSED {
            @Override
            void of(RigNode leader) throws IOException, InterruptedException {
                leader.pause();
            }
        };

        abstract void of(RigNode leader) throws IOException, InterruptedException;
    }

    @Test
    void noTermHasTwoLeadersWhateverTakesTheLeaderAway() throws Exception {
        // given
        TermWatch watch = TermWatch.of(rig.usual());

        // when
        int elections = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (Loss loss : Loss.values()) {
                RaftStates before = RaftStates.awaitAgreement(rig.usual());
                watch.awaitLeaderSince(before.term());
                RigNode leader = named(before.leader());
                loss.of(leader);
                RaftStates after = RaftStates.awaitAgreement(
                        rig.usual().stream().filter(node -> node != leader).toList());
                assertThat(after.term()).isGreaterThan(before.term());
                elections++;
                rig.heal();
            }
        }
        watch.awaitLeaderSince(RaftStates.awaitAgreement(rig.usual()).term());

        // then
        Map<Long, Set<String>> leaders = watch.leaders();
        watch.end();
        System.out.println(elections + " elections were forced; leaders by term: " + leaders);
        assertThat(leaders).allSatisfy((term, names) -> assertThat(names).hasSize(1));
        assertThat(leaders).hasSizeGreaterThan(elections);
    }

    // ---- the leader crashes

    @Test
    void afterTheLeaderCrashedWritesAreAcceptedAgainAsSoonAsAnotherOneLeads() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            // given
            RaftStates before = RaftStates.awaitAgreement(rig.usual());
            RigNode leader = named(before.leader());
            String key = WrittenKeys.path("crash/" + round);
            assertThat(leader.api().putText(key, "before").status()).isEqualTo(201);
            NodeApi other = without(leader).getFirst().api();

            // when
            long beginNanos = System.nanoTime();
            rig.kill(leader);
            await("a write is accepted")
                    .atMost(Nodes.LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> other.putText(key, "after").status() == 200);
            millis.add(Duration.ofNanos(System.nanoTime() - beginNanos).toMillis());

            // then
            assertThat(other.get(key).text()).isEqualTo("after");
            RaftStates after = RaftStates.awaitAgreement(rig.running());
            assertThat(after.leading()).hasSize(1).doesNotContain(leader.nodeId);
            assertThat(after.term()).isGreaterThan(before.term());
            rig.start(leader);
        }
        System.out.println("from kill -9 of the leader to the next accepted write: " + millis + " ms");
    }

    // ---- a stale log

    @Test
    void aNodeWithAStaleLogIsNotElectedBeforeItHasCaughtUp() throws Exception {
        for (int round = 1; round <= 2; round++) {
            // given
            RaftStates before = RaftStates.awaitAgreement(rig.usual());
            RigNode leader = named(before.leader());
            RigNode stale = without(leader).getFirst();
            RigNode fresh = without(leader).getLast();
            cutOff(stale);
            WrittenKeys written = WrittenKeys.put(leader.api(), "stale/" + round, 20);
            await("its log ends before the others' does, and it stands for election")
                    .atMost(Nodes.LIMIT)
                    .until(() -> stale.raft().path("role").asText().equals("candidate")
                            && lastEntry(stale).asLong() < lastEntry(fresh).asLong());

            // when it is to be made the leader
            Answer transfer = Configuration.transfer(leader, stale);

            // then
            assertThat(transfer.status()).as("%s", transfer).isGreaterThanOrEqualTo(400);
            assertThat(rig.leader()).contains(leader);

            // when there are two nodes left, and it is one of them
            rig.kill(leader);
            JsonNode end = lastEntry(stale);
            TermWatch watch = TermWatch.of(List.of(stale, fresh));
            rig.network.heal();
            RaftStates elected = RaftStates.awaitAgreement(List.of(stale, fresh));

            // then
            assertThat(elected.leader()).isEqualTo(fresh.nodeId);
            assertThat(watch.leaders().values()).doesNotContain(Set.of(stale.nodeId));
            watch.end();
            System.out.println(stale.nodeId + " with a log up to " + end + " stood against " + fresh.nodeId
                    + ", which leads in term " + elected.term() + "; the transfer was answered " + transfer.status());

            // when it has caught up
            written.assertAllOn(stale.api());
            await("it is made the leader")
                    .atMost(Nodes.LIMIT)
                    .until(() -> Configuration.transfer(fresh, stale).status() < 300);

            // then
            assertThat(RaftStates.awaitAgreement(List.of(stale, fresh)).leader())
                    .isEqualTo(stale.nodeId);
            written.assertAllOn(stale.api());
            rig.start(leader);
        }
    }
}
