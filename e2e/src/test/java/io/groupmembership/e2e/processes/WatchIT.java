package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.JoinStream;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.e2e.client.WatchStream;
import io.groupmembership.e2e.client.WatchStream.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Watchers that lose their node, or come back too late. */
@ExtendWith(Started.class)
class WatchIT {
    @TempDir
    static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = ProcessCluster.create(directory).startAll();
    }

    @Test
    void aWatcherWhoseNodeWasKilledGoesOnAtAnotherAndSeesEveryViewOnce() throws Exception {
        // given
        Group group = new Group(cluster, "watched").withPolicy(Group.PATIENT);
        String dies = cluster.followers().getFirst();
        String other = cluster.otherThan(dies);
        WatchStream first = WatchStream.open(cluster.api(dies), group.path(), "");
        assertThat(first.awaitEvent("the present", event -> true).type()).isEqualTo("snapshot");
        JoinStream joins = new JoinStream(group).start();
        first.awaitEvent("some views", event -> event.view() >= 50);

        // when
        cluster.kill(dies);
        first.awaitEnd();
        String lastId = first.events().getLast().id();
        WatchStream second = WatchStream.open(cluster.api(other), group.path(), lastId);
        second.awaitEvent(
                "more views", event -> event.view() >= first.events().getLast().view() + 50);
        int joined = joins.stop().size();
        second.awaitEvent("the last view", event -> event.view() == joined);

        // then
        List<Event> all = new ArrayList<>(first.events());
        all.addAll(second.events());
        List<Event> views = all.subList(1, all.size());
        long begin = all.getFirst().view();
        assertThat(all.getFirst().data().get("members")).hasSize((int) begin);
        assertThat(views).allMatch(event -> event.type().equals("view"));
        assertThat(views)
                .extracting(Event::view)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(begin + 1, joined).boxed().toList());
        assertThat(views).allMatch(event -> event.id().equals(String.valueOf(event.view())));
        Set<String> names = new TreeSet<>();
        all.getFirst()
                .data()
                .get("members")
                .forEach(m -> names.add(m.get("memberId").asText()));
        views.forEach(event -> event.data()
                .get("joined")
                .forEach(m -> names.add(m.get("memberId").asText())));
        assertThat(names).hasSize(joined);
        cluster.restart(dies);
    }

    @Test
    void theStreamOfEverythingGoesOnAtAnotherNodeToo() throws Exception {
        // given
        Group one = new Group(cluster, "all-one").withPolicy(Group.PATIENT);
        Group two = new Group(cluster, "all-two").withPolicy(Group.PATIENT);
        NodeApi node = cluster.apis().getFirst();
        WatchStream before = WatchStream.open(node, "/v1/watch", "");
        one.join(node, "a", "127.0.0.1:9", "tcp");
        Event event = before.awaitEvent("the first", e -> e.type().equals("view") && isOf(e, "all-one"));
        before.end();

        // when
        two.join(node, "b", "127.0.0.1:9", "tcp");
        one.join(node, "c", "127.0.0.1:9", "tcp");
        WatchStream after = WatchStream.open(cluster.apis().getLast(), "/v1/watch", event.id());
        after.awaitEvent("the last", e -> isOf(e, "all-one") && e.view() == 2);

        // then
        assertThat(after.events())
                .extracting(e -> e.type() + " " + e.data().get("group").asText() + " " + e.view())
                .containsExactly("view all-two 1", "view all-one 2");
    }

    private static boolean isOf(Event event, String group) {
        return event.data().path("group").asText().equals(group);
    }

    @Test
    void aWatcherOfAViewThatIsGoneStartsAnew() throws Exception {
        // given: members with much to tell move again and again, until the history of the cluster is full
        Group group = new Group(cluster, "forgotten").withPolicy(Group.PATIENT);
        NodeApi node = cluster.apis().getFirst();
        int batches = 10;
        Map<String, String> metadata = Map.of("story", "x".repeat(4_000));
        for (int batch = 0; batch < batches; batch++) {
            List<Map<String, Object>> members = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Map<String, Object> joiner = Group.joiner("f-" + i, "127.0.0.1:" + (1_000 + batch), "tcp");
                joiner.put("metadata", metadata);
                members.add(joiner);
            }
            Answer answer = node.post(group.members() + ":batch", Map.of("members", members));
            assertThat(answer.status()).isEqualTo(200);
        }

        for (NodeApi asked : cluster.apis()) {
            // when
            WatchStream late = WatchStream.open(asked, group.path(), "1");
            WatchStream ofTheFuture = WatchStream.open(asked, group.path(), "123456789");
            WatchStream inTime = WatchStream.open(asked, group.path(), String.valueOf(batches - 1));

            // then
            for (WatchStream stream : List.of(late, ofTheFuture)) {
                Event reset = stream.awaitEvent("a reset", event -> true);
                assertThat(reset.type()).isEqualTo("reset");
                assertThat(reset.view()).isEqualTo(batches);
                assertThat(reset.id()).isEqualTo(String.valueOf(batches));
                assertThat(reset.data().get("members")).hasSize(300);
            }
            Event view = inTime.awaitEvent("the last change", event -> true);
            assertThat(view.type()).isEqualTo("view");
            assertThat(view.view()).isEqualTo(batches);
            assertThat(view.data().get("left")).hasSize(300);
            List.of(late, ofTheFuture, inTime).forEach(WatchStream::end);
        }
    }

    @Test
    void anIdThatIsNoNumberIsRefused() throws Exception {
        Answer answer =
                cluster.apis().getFirst().get("/v1/namespaces/default/groups/any?watch=true", "Last-Event-ID", "seven");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("field").asText()).isEqualTo("Last-Event-ID");
    }
}
