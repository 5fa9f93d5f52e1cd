package io.groupmembership.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.e2e.client.Group;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is lost with a majority, and what is not. {@code docs/demonstrations.md} shows the same by hand. */
@ExtendWith(Started.class)
class AvailabilityDemonstrationsIT {
    private static final int KEYS = 20;

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

    private static NodeApi api(int place) {
        return rig.node(place).api();
    }

    // ---- a lost majority

    @Test
    void withoutAMajorityNothingIsAnsweredAndWithItEverythingIsThere() throws Exception {
        // given
        WrittenKeys written = WrittenKeys.put(api(1), "majority", KEYS);
        Group group = new Group(rig, "majority").withPolicy(Group.PATIENT);
        long incarnation = group.join(api(2), "a", "127.0.0.1:9", "tcp");
        RigNode leader = rig.leader().orElseThrow();
        List<RigNode> others =
                rig.usual().stream().filter(node -> node != leader).toList();

        // when
        others.forEach(rig::kill);

        // then
        NodeApi alone = leader.api();
        String key = WrittenKeys.path("majority/1");
        List<Timed> answers = together(List.of(
                () -> alone.putText(key, "changed"),
                () -> alone.putText(WrittenKeys.path("majority/new"), "new"),
                () -> alone.delete(key),
                () -> alone.get(key),
                () -> alone.get(group.path()),
                () -> alone.post(group.members(), Group.joiner("b", "127.0.0.1:9", "tcp"))));
        System.out.println("one of three: " + answers);
        assertThat(answers).allSatisfy(timed -> {
            assertThat(timed.answer().status()).as("%s", timed.answer()).isEqualTo(503);
            assertThat(timed.millis())
                    .as("the request's timeout is 3 s")
                    .isLessThan(Duration.ofSeconds(15).toMillis());
        });

        // when the majority is back; the two keys that were asked to change may have: nobody was told
        others.forEach(AvailabilityDemonstrationsIT::startAgain);

        // then
        awaitWrites(alone);
        written.versions().remove("majority/1");
        for (RigNode node : rig.usual()) {
            written.assertAllOn(node.api());
        }
        assertThat(Group.incarnations(group.view())).containsEntry("a", incarnation);
    }

    private static void startAgain(RigNode node) {
        try {
            rig.start(node);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitWrites(NodeApi node) {
        await("writes are accepted")
                .atMost(Nodes.LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> node.putText(WrittenKeys.path("again"), "again").status() < 300);
    }

    /** An answer, and how long it took. */
    private record Timed(Answer answer, long millis) {
        @Override
        public String toString() {
            return answer.status() + " after " + millis + " ms";
        }
    }

    private static List<Timed> together(List<Callable<Answer>> requests) throws Exception {
        List<Timed> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Timed>> timed = requests.stream()
                    .<Callable<Timed>>map(request -> () -> timed(request))
                    .toList();
            for (Future<Timed> answer : threads.invokeAll(timed)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private static Timed timed(Callable<Answer> request) throws Exception {
        long beginNanos = System.nanoTime();
        Answer answer = request.call();
        return new Timed(
                answer, Duration.ofNanos(System.nanoTime() - beginNanos).toMillis());
    }

    // ---- a whole restart

    @Test
    void afterAllNodesWereKilledAtOnceKeysMembersAndViewsAreAsTheyWere() throws Exception {
        // given
        WrittenKeys written = WrittenKeys.put(api(1), "restart", KEYS);
        assertThat(api(2).delete(WrittenKeys.path("restart/1")).status()).isEqualTo(204);
        written.versions().remove("restart/1");
        Group group = new Group(rig, "restart").withPolicy(Group.PATIENT);
        for (int i = 1; i <= KEYS; i++) {
            group.join(api(1 + i % Rig.NODES), "m-" + i, "127.0.0.1:9", "tcp");
        }
        assertThat(api(3).delete(group.member("m-1")).status()).isEqualTo(200);
        long view = group.view().path("view").asLong();
        Map<String, Long> members = Group.incarnations(group.view());
        assertThat(members).hasSize(KEYS - 1);
        long term = RaftStates.awaitAgreement(rig.usual()).term();

        // when
        rig.usual().parallelStream().forEach(rig::kill);
        assertThat(rig.usual()).noneMatch(RigNode::isRunning);
        rig.usual().forEach(AvailabilityDemonstrationsIT::startAgain);

        // then
        RaftStates again = RaftStates.awaitAgreement(rig.usual());
        System.out.println("term " + term + " before, " + again.term() + " after all nodes were killed");
        assertThat(again.term()).isGreaterThan(term);
        for (RigNode node : rig.usual()) {
            written.assertAllOn(node.api());
            assertThat(node.api().get(WrittenKeys.path("restart/1")).status()).isEqualTo(404);
        }
        assertThat(group.view().path("view").asLong()).isEqualTo(view);
        assertThat(Group.incarnations(group.view())).isEqualTo(members);

        // and numbers go on
        long last = members.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        assertThat(group.join(api(1), "late", "127.0.0.1:9", "tcp")).isGreaterThan(last);
        assertThat(group.view().path("view").asLong()).isEqualTo(view + 1);
    }
}
