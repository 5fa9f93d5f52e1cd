package io.groupmembership.sidecar.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.sidecar.FakeMonitor;
import io.groupmembership.sidecar.FakeNode;
import io.groupmembership.sidecar.FakeNode.Answer;
import io.groupmembership.sidecar.FakeNode.Seen;
import io.groupmembership.sidecar.cluster.NodeList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A membership against nodes that say what their script says, over real connections. */
@Tag("slow")
class MembershipTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final StatusBoard board =
            StatusBoard.withoutLease("payments/a", new PrintStream(out, true, StandardCharsets.UTF_8)::println);
    private final StopRequest stop = new StopRequest();
    private final AtomicLong answeredFor = new AtomicLong();
    private final List<Integer> keyIds = new CopyOnWriteArrayList<>();
    private final Heartbeats heartbeats = new Heartbeats() {
        @Override
        public void adopt(long incarnation, Optional<HeartbeatKey> key) {
            answeredFor.set(incarnation);
            key.ifPresent(known -> keyIds.add(known.id()));
        }

        @Override
        public void end() {
            answeredFor.set(0);
        }
    };
    private final CompletableFuture<Membership.Ending> ending = new CompletableFuture<>();
    private FakeNode node;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void close() {
        stop.request(Duration.ZERO);
        node.close();
    }

    private Membership start(HostPort... addresses) {
        return start(false, addresses);
    }

    private Membership start(boolean waitsWhenReplaced, HostPort... addresses) {
        NodeList nodes = new NodeList(List.of(addresses), new Random(1));
        GroupPath path = new GroupPath("default", "payments", "a");
        ErrorLines errors = new ErrorLines(new PrintStream(err, true, StandardCharsets.UTF_8));
        JoinLoop.Place place = new JoinLoop.Place("10.0.0.1:7000", "udp", "10.0.0.1:7118");
        JoinLoop joinLoop = new JoinLoop(nodes, path, place, Map.of("zone", "eu-1"), stop, errors, new Random(2));
        Membership membership = new Membership(
                nodes, path, joinLoop, board, stop, errors, new Random(3), heartbeats, waitsWhenReplaced);
        Thread.ofVirtual().start(() -> {
            try {
                ending.complete(membership.live());
            } catch (RuntimeException e) {
                ending.completeExceptionally(e);
            }
        });
        return membership;
    }

    private Membership.Ending ending() throws Exception {
        return ending.get(10, TimeUnit.SECONDS);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static String instanceOf(Seen join) {
        int at = join.body().indexOf("\"instance\":\"") + 12;
        return join.body().substring(at, at + 36);
    }

    private void awaitMember(long incarnation) {
        await().until(() ->
                board.now().state() == MemberState.MEMBER && board.now().incarnation() == incarnation);
    }

    @Test
    void anAgentJoinsFollowsTheViewsAndLeaves() throws Exception {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        assertThat(answeredFor).hasValue(17);
        node.event("view", 3, FakeNode.change(3, "a", "z", 1, "left"));
        await().until(() -> board.now().leads("a"));
        node.event("view", 4, FakeNode.change(4, "b", "z", 2, "left"));
        await().until(() -> board.now().view() == 4);
        assertThat(board.now().leads("a")).isFalse();

        stop.request(Duration.ofSeconds(5));

        assertThat(ending()).isEqualTo(new Membership.Ending.Stopped());
        assertThat(node.seen("POST")).singleElement().satisfies(join -> {
            assertThat(join.path()).isEqualTo("/v1/namespaces/default/groups/payments/members");
            assertThat(join.body())
                    .isEqualTo("{\"memberId\":\"a\",\"address\":\"10.0.0.1:7000\",\"heartbeat\":\"udp\","
                            + "\"heartbeatAddress\":\"10.0.0.1:7118\",\"instance\":\"" + instanceOf(join)
                            + "\",\"metadata\":{\"zone\":\"eu-1\"}}");
        });
        assertThat(node.watchesSeen())
                .extracting(Seen::lastEventId)
                .as("from the change that brought it in")
                .containsExactly("2");
        assertThat(node.seen("DELETE"))
                .extracting(Seen::path)
                .containsExactly("/v1/namespaces/default/groups/payments/members/a?incarnation=17");
        assertThat(lines())
                .containsExactly(
                        "joining payments/a",
                        "member payments/a incarnation 17 view 3 monitor node-1",
                        "left payments/a incarnation 17");
        assertThat(answeredFor).hasValue(0);
    }

    @Test
    void aNewKeyIsAskedForByJoiningAgainAsTheSameInstance() {
        node.onJoinAdmit(17, 3);
        Membership membership = start(node.address());
        awaitMember(17);
        await().until(() -> node.watchesSeen().size() == 1);
        node.onJoin(Answer.of(200, FakeNode.joined(17, 3, FakeMonitor.key(2))));

        membership.askForKey();

        await().until(() -> keyIds.equals(List.of(1, 2)));
        await().until(() -> node.watchesSeen().size() == 2);
        assertThat(node.seen("POST")).hasSize(2);
        assertThat(instanceOf(node.seen("POST").get(1)))
                .isEqualTo(instanceOf(node.seen("POST").get(0)));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(lines())
                .containsExactly("joining payments/a", "member payments/a incarnation 17 view 3 monitor node-1");
    }

    @Test
    void aNodeThatGivesNoKeyIsToldOf() {
        node.onJoin(Answer.of(
                201,
                FakeNode.joined(17, 3).replaceFirst("\"keyId\":1,\"key\":\"[^\"]*\"", "\"keyId\":null,\"key\":null")));
        start(node.address());
        awaitMember(17);
        await().until(() -> err.toString(StandardCharsets.UTF_8).contains("gave no key for heartbeats"));
        assertThat(keyIds).isEmpty();
    }

    @Test
    void anAnswerWithABadKeyIsNone() {
        node.onJoin(Answer.of(201, FakeNode.joined(17, 3).replace("\"keyId\":1,", "\"keyId\":70000,")));
        node.onJoin(Answer.of(201, FakeNode.joined(17, 3).replace("\"key\":\"", "\"key\":\"AAAA")));
        node.onJoin(Answer.of(200, FakeNode.joined(17, 3)));
        start(node.address());
        awaitMember(17);
        assertThat(node.seen("POST")).hasSize(3);
        assertThat(keyIds).containsExactly(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no good key")
                .doesNotContain(FakeMonitor.KEY.base64());
    }

    @Test
    void aRestartedAgentTakesThePlaceOfItsPredecessor() {
        node.onJoin(Answer.of(409, FakeNode.problem(409, "taken", "memberId", 16L)));
        node.onJoinAdmit(17, 4);
        start(node.address());
        awaitMember(17);

        List<Seen> joins = node.seen("POST");
        assertThat(joins).hasSize(2);
        assertThat(joins.get(0).body()).doesNotContain("replaces");
        assertThat(joins.get(1).body()).contains("\"replaces\":16");
        assertThat(instanceOf(joins.get(1))).isEqualTo(instanceOf(joins.get(0)));
        assertThat(joins.get(1).idempotencyKey()).isNotEqualTo(joins.get(0).idempotencyKey());
    }

    @Test
    void anAgentThatMayNotTakeThePlaceWaitsUntilItIsFree() {
        for (int i = 0; i < 4; i++) {
            node.onJoin(Answer.of(409, FakeNode.problem(409, "taken", "memberId", 16L)));
        }
        node.onJoinAdmit(17, 4);
        start(node.address());
        awaitMember(17);

        assertThat(node.seen("POST")).hasSize(5);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("waiting until incarnation 16");
    }

    @Test
    void retriesOfOneJoinCarryOneKeyAndOneInstance() {
        node.onJoin(new Answer(202, Map.of("Retry-After", "0"), "{}"));
        node.onJoin(new Answer(503, Map.of("Retry-After", "0"), "{}"));
        node.onJoin(new Answer(429, Map.of("Retry-After", "0"), "no json"));
        node.onJoin(Answer.of(201, "{\"incarnation\":"));
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);

        assertThat(node.seen("POST")).hasSize(5);
        assertThat(node.seen("POST"))
                .extracting(Seen::idempotencyKey)
                .containsOnly(node.seen("POST").getFirst().idempotencyKey());
        assertThat(node.seen("POST"))
                .extracting(Seen::body)
                .containsOnly(node.seen("POST").getFirst().body());
    }

    /** 202: a predecessor's lease runs. 503: no leader, say. */
    @ParameterizedTest
    @ValueSource(ints = {202, 503})
    void retryAfterIsHonoured(int status) {
        node.onJoin(new Answer(status, Map.of("Retry-After", "1"), "{}"));
        node.onJoinAdmit(17, 3);
        long begun = System.nanoTime();
        start(node.address());
        awaitMember(17);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aWrongRequestEndsWithTheFieldAndTheDetail() throws Exception {
        node.onJoin(Answer.of(422, FakeNode.problem(422, "must have a port", "address", null)));
        start(node.address());
        assertThat(ending()).isEqualTo(new Membership.Ending.Refused("address: must have a port"));
        assertThat(node.seen("POST")).hasSize(1);
    }

    @Test
    void aJoinFindsTheOneNodeThatAnswers() throws Exception {
        node.onJoinAdmit(17, 3);
        start(deadPort(), deadPort(), node.address());
        awaitMember(17);
    }

    @Test
    void anInstanceWhoseMembershipHasEndedDrawsAnother() {
        node.onJoin(Answer.of(409, FakeNode.problem(409, "this membership has ended", null, null)));
        node.onJoinAdmit(18, 5);
        start(node.address());
        awaitMember(18);
        assertThat(instanceOf(node.seen("POST").get(1)))
                .isNotEqualTo(instanceOf(node.seen("POST").get(0)));
    }

    @Test
    void aMemberThatWasRemovedJoinsAgainUnderAnotherInstanceAndIncarnation() {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        node.event("view", 3, FakeNode.change(3, "b", "z", 1, "left"));
        node.event("view", 4, FakeNode.change(4, "b", "a", 17, "crashed"));
        await().until(() -> board.now().state() != MemberState.MEMBER);
        await().until(() -> node.seen("POST").size() == 2);
        assertThat(answeredFor).hasValue(0);
        node.onJoinAdmit(21, 6);
        awaitMember(21);

        assertThat(answeredFor).hasValue(21);
        assertThat(instanceOf(node.seen("POST").get(1)))
                .isNotEqualTo(instanceOf(node.seen("POST").get(0)));
        assertThat(node.seen("POST").get(1).body()).doesNotContain("replaces");
        assertThat(lines())
                .containsExactly(
                        "joining payments/a",
                        "member payments/a incarnation 17 view 3 monitor node-1",
                        "removed payments/a incarnation 17 view 4 reason crashed",
                        "joining payments/a",
                        "member payments/a incarnation 21 view 6 monitor node-1");
    }

    @Test
    void whoSaysGoodbyeIsNoMemberFromBeforeTheNodesHearOfIt() throws Exception {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        for (int i = 0; i < 100; i++) {
            node.onLeave(Answer.of(503, "{}"));
        }

        stop.request(Duration.ofSeconds(2));

        await().until(() -> !node.seen("DELETE").isEmpty());
        assertThat(board.now().state()).isEqualTo(MemberState.LEFT);
        assertThat(answeredFor).hasValue(0);
        assertThat(ending).isNotDone();
        assertThat(ending()).isEqualTo(new Membership.Ending.Stopped());
    }

    @Test
    void whoIsStoppedWhileItWaitsForItsPlaceTakesTheJoinBack() throws Exception {
        node.onJoin(new Answer(202, Map.of("Retry-After", "30"), "{}"));
        start(node.address());
        await().until(() -> node.seen("POST").size() == 1);

        stop.request(Duration.ofSeconds(5));

        assertThat(ending()).isEqualTo(new Membership.Ending.Stopped());
        assertThat(node.seen("DELETE"))
                .extracting(Seen::path)
                .containsExactly("/v1/namespaces/default/groups/payments/members/a?instance="
                        + instanceOf(node.seen("POST").getFirst()));
    }

    @Test
    void whoIsStoppedBeforeItsJoinIsAnsweredTakesItBack() throws Exception {
        start(node.address());
        await().until(() -> node.seen("POST").size() == 1);

        stop.request(Duration.ofSeconds(5));

        assertThat(ending()).isEqualTo(new Membership.Ending.Stopped());
        assertThat(node.seen("DELETE")).hasSize(1);
        assertThat(node.seen("POST")).hasSize(1);
    }

    @Test
    void aMemberThatWasReplacedDoesNotComeBack() throws Exception {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        node.event("view", 4, FakeNode.change(4, "b", "a", 17, "replaced"));

        assertThat(ending())
                .isInstanceOfSatisfying(
                        Membership.Ending.TakenAway.class,
                        taken -> assertThat(taken.message())
                                .contains("payments/a incarnation 17")
                                .contains("another instance"));
        assertThat(lines()).endsWith("removed payments/a incarnation 17 view 4 reason replaced");
        assertThat(node.seen("POST")).hasSize(1);
        assertThat(node.seen("DELETE")).isEmpty();
    }

    @Test
    void aMemberThatComesBackGivesWayToItsSuccessor() throws Exception {
        node.onJoinAdmit(17, 3);
        node.onJoin(Answer.of(409, FakeNode.problem(409, "taken", "memberId", 18L)));
        start(node.address());
        awaitMember(17);
        node.event("view", 3, FakeNode.change(3, "b", "a", 17, "crashed"));

        assertThat(ending()).isInstanceOf(Membership.Ending.TakenAway.class);
        assertThat(node.seen("POST")).hasSize(2);
    }

    @Test
    void whoWaitsWhenReplacedJoinsAgainOnceThePlaceIsFreeAndPushesNobodyOut() {
        node.onJoinAdmit(17, 3);
        for (int i = 0; i < 3; i++) {
            node.onJoin(Answer.of(409, FakeNode.problem(409, "taken", "memberId", 18L)));
        }
        node.onJoinAdmit(19, 6);
        start(true, node.address());
        awaitMember(17);
        node.event("view", 4, FakeNode.change(4, "b", "a", 17, "replaced"));
        awaitMember(19);

        assertThat(node.seen("POST"))
                .hasSize(5)
                .noneSatisfy(join -> assertThat(join.body()).contains("replaces"));
        assertThat(lines())
                .contains("removed payments/a incarnation 17 view 4 reason replaced")
                .filteredOn(line -> line.startsWith("joining"))
                .as("said once for each time")
                .hasSize(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("waiting until the place is free: incarnation 18 has taken its place");
    }

    @Test
    void aMembershipThatSomebodyElseEndedIsLeft() throws Exception {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        node.event("view", 3, FakeNode.change(3, "b", "a", 17, "left"));

        assertThat(ending()).isInstanceOf(Membership.Ending.TakenAway.class);
        assertThat(board.now().state()).isEqualTo(MemberState.LEFT);
        assertThat(lines()).endsWith("left payments/a incarnation 17");
    }

    @Test
    void aFullViewWithoutTheMemberRemovesIt() {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        node.event("reset", 9, FakeNode.view(9, "b", "b", 5));
        await().until(() -> node.seen("POST").size() == 2);
        node.onJoinAdmit(30, 10);
        awaitMember(30);
        assertThat(lines()).contains("removed payments/a incarnation 17 view 9 reason missing");
    }

    @Test
    void aBrokenStreamIsResumedWhereItBroke() {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        node.event("view", 3, FakeNode.change(3, "a", "z", 1, "left"));
        node.event("view", 4, FakeNode.change(4, "a", "z", 2, "left"));
        await().until(() -> board.now().view() == 4);
        node.onWatch(Answer.of(503, "{}"));
        node.closeStream();
        await().until(() -> node.watchesSeen().size() == 3);
        node.event("view", 5, FakeNode.change(5, "a", "z", 3, "left"));
        await().until(() -> board.now().view() == 5);

        assertThat(node.watchesSeen()).extracting(Seen::lastEventId).containsExactly("2", "4", "4");
        assertThat(node.seen("POST")).hasSize(1);
        assertThat(board.now().state()).isEqualTo(MemberState.MEMBER);
    }

    @Test
    void aMissingChangeIsMadeUpForByAFullView() {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        node.event("view", 7, FakeNode.change(7, "b", "z", 1, "left"));
        await().until(() -> node.watchesSeen().size() == 2);
        node.event("snapshot", 8, FakeNode.view(8, "a", "a", 17));
        await().until(() -> board.now().view() == 8);
        assertThat(node.watchesSeen()).extracting(Seen::lastEventId).containsExactly("2", null);
        assertThat(board.now().leads("a")).isTrue();
    }

    @Test
    void aMemberThatOnlyOldViewsAreShownAsksByJoiningAgainAsItself() {
        node.onJoinAdmit(17, 9);
        start(node.address());
        awaitMember(17);
        for (int stream = 1; stream <= 3; stream++) {
            int streams = stream;
            await().until(() -> node.watchesSeen().size() == streams);
            node.event("reset", 2, FakeNode.view(2, "b", "b", 1));
        }
        node.onJoin(Answer.of(200, FakeNode.joined(17, 9)));
        await().until(() -> node.watchesSeen().size() == 4);
        node.event("view", 9, FakeNode.change(9, "a", "z", 2, "left"));
        await().until(() -> board.now().leads("a"));

        assertThat(instanceOf(node.seen("POST").get(1)))
                .isEqualTo(instanceOf(node.seen("POST").get(0)));
        assertThat(lines())
                .containsExactly("joining payments/a", "member payments/a incarnation 17 view 9 monitor node-1");
    }

    @Test
    void aSmallerIncarnationIsNotAdopted() throws Exception {
        node.onJoinAdmit(17, 3);
        node.onJoinAdmit(2, 1);
        start(node.address());
        awaitMember(17);
        node.event("view", 3, FakeNode.change(3, "b", "a", 17, "evicted"));

        assertThat(ending())
                .isInstanceOfSatisfying(
                        Membership.Ending.Refused.class,
                        refused -> assertThat(refused.message()).contains("another cluster"));
        assertThat(answeredFor).hasValue(0);
    }

    @Test
    void leavingTriesEveryNodeWithinItsTime() throws Exception {
        node.onJoinAdmit(17, 3);
        node.onLeave(Answer.of(503, "{}"));
        node.onLeave(Answer.of(404, "{}"));
        start(deadPort(), node.address(), deadPort());
        awaitMember(17);
        stop.request(Duration.ofMillis(1_500));

        assertThat(ending()).isEqualTo(new Membership.Ending.Stopped());
        assertThat(node.seen("DELETE")).hasSize(2);
        assertThat(node.seen("DELETE"))
                .extracting(Seen::idempotencyKey)
                .containsOnly(node.seen("DELETE").getFirst().idempotencyKey());
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("could not leave");
    }

    @Test
    void aLeaveThatNobodyHearsIsGivenUpInTime() throws Exception {
        node.onJoinAdmit(17, 3);
        start(node.address());
        awaitMember(17);
        await().until(() -> node.watchesSeen().size() == 1);
        node.close();
        long begun = System.nanoTime();
        stop.request(Duration.ofMillis(500));

        ending();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1_500));
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("could not leave");
    }

    @Test
    void anAgentThatIsStoppedBeforeItHasJoinedLeavesNothing() throws Exception {
        start(deadPort());
        await().until(() -> err.size() > 0);
        stop.request(Duration.ofMillis(500));
        assertThat(ending()).isEqualTo(new Membership.Ending.Stopped());
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    }

    private static HostPort deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }
}
