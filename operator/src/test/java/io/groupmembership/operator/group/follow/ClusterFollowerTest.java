package io.groupmembership.operator.group.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClusterFollowerTest {
    private static final GroupKey ORDERS = new GroupKey("shop", "orders");
    private static final GroupKey CARTS = new GroupKey("shop", "carts");

    private final List<Boolean> connections = new CopyOnWriteArrayList<>();
    private final List<String> departed = new CopyOnWriteArrayList<>();
    private final List<GroupKey> changed = new CopyOnWriteArrayList<>();
    private final List<URI> nodes = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private WatchServer one;
    private WatchServer two;
    private ClusterFollower follower;

    @BeforeEach
    void start() throws IOException {
        one = new WatchServer();
        two = new WatchServer();
        nodes.add(one.url());
        follower = new ClusterFollower("prod/gm", () -> List.copyOf(nodes), http, new ClusterFollower.Listener() {
            @Override
            public void changed(Collection<GroupKey> groups) {
                changed.addAll(groups);
            }

            @Override
            public void departed(GroupKey group, long view, List<Departure> departures) {
                departed.add(group + " " + view + " " + departures);
            }

            @Override
            public void connection(boolean connected) {
                connections.add(connected);
            }
        });
        follower.start();
    }

    @AfterEach
    void stop() {
        follower.close();
        one.close();
        two.close();
        http.shutdownNow();
    }

    private void awaitOrders(long view, String... ids) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            Optional<GroupSummary> orders = follower.read(groups -> groups.summary(ORDERS, 100));
            assertThat(orders).contains(new GroupSummary(view, ids.length, List.of(ids)));
        });
    }

    private MirroredGroups.Counts counts() {
        return follower.read(MirroredGroups::counts);
    }

    @Test
    void changesAreFollowedAsTheyCome() {
        one.send(CapturedEvents.GREETING + CapturedEvents.EMPTY_CLUSTER);
        await().until(follower::isConnected);
        one.send(CapturedEvents.FIRST_JOIN);
        awaitOrders(1, "orders-0");
        one.send(CapturedEvents.SECOND_JOIN + CapturedEvents.BATCH + CapturedEvents.KEEPALIVE + CapturedEvents.LEAVE);
        awaitOrders(4, "orders-0", "b1", "b2");

        assertThat(connections).containsExactly(true);
        assertThat(changed).hasSize(4).containsOnly(ORDERS);
    }

    @Test
    void whoDepartedIsToldOnceAndNotOfWholeViews() {
        one.send(CapturedEvents.EMPTY_CLUSTER + CapturedEvents.FIRST_JOIN + CapturedEvents.SECOND_JOIN);
        one.send(CapturedEvents.BATCH + CapturedEvents.LEAVE);
        awaitOrders(4, "orders-0", "b1", "b2");
        one.end();
        one.send(CapturedEvents.LEAVE + CapturedEvents.CRASH);
        awaitOrders(5, "b1", "b2");
        one.end();
        one.send(CapturedEvents.everything("reset"));
        await().until(() -> changed.contains(CARTS));

        assertThat(departed)
                .containsExactly(
                        "shop/orders 4 " + List.of(new Departure("plain", 2, "left")),
                        "shop/orders 5 " + List.of(new Departure("orders-0", 1, "crashed")));
    }

    @Test
    void anEventCountsOnlyWhenItIsWhole() {
        one.send(CapturedEvents.EMPTY_CLUSTER + CapturedEvents.FIRST_JOIN);
        String join = CapturedEvents.SECOND_JOIN;
        one.send(join.substring(0, join.length() - 1));
        awaitOrders(1, "orders-0");
        one.end();

        one.send(CapturedEvents.SECOND_JOIN);
        awaitOrders(2, "orders-0", "plain");
        assertThat(one.positions()).containsExactly(Optional.empty(), Optional.of("4"));
    }

    @Test
    void afterAnOutageTheNextNodeIsAskedForWhatComesNext() {
        nodes.add(two.url());
        one.send(CapturedEvents.EMPTY_CLUSTER + CapturedEvents.FIRST_JOIN);
        awaitOrders(1, "orders-0");
        one.end();
        two.send(CapturedEvents.GREETING + CapturedEvents.SECOND_JOIN);

        awaitOrders(2, "orders-0", "plain");
        assertThat(two.positions()).containsExactly(Optional.of("4"));
        assertThat(connections).containsExactly(true, false, true);
        assertThat(follower.reconnects()).isEqualTo(1);
    }

    @Test
    void aResetTakesThePlaceOfWhatWasKnown() {
        one.send(CapturedEvents.EMPTY_CLUSTER + CapturedEvents.FIRST_JOIN);
        awaitOrders(1, "orders-0");
        one.end();
        one.send(CapturedEvents.everything("reset"));

        awaitOrders(5, "b1", "b2");
        assertThat(counts()).isEqualTo(new MirroredGroups.Counts(2, 3));
        assertThat(changed).contains(CARTS);
    }

    @Test
    void whatIsKnownStaysWhileNoNodeServes() {
        one.send(CapturedEvents.everything("snapshot"));
        awaitOrders(5, "b1", "b2");
        one.refuseWith(503);
        one.end();

        await().until(() -> one.positions().size() >= 4);
        assertThat(follower.isConnected()).isFalse();
        assertThat(counts()).isEqualTo(new MirroredGroups.Counts(2, 3));
        assertThat(follower.position()).hasValue(10);
    }

    @Test
    void aStreamThatContradictsWhatIsKnownIsBegunAnew() {
        one.send(CapturedEvents.EMPTY_CLUSTER + CapturedEvents.BATCH);
        awaitOrders(3, "b1", "b2");
        one.send(CapturedEvents.LEAVE);
        await().atMost(Duration.ofSeconds(10)).until(() -> follower.reconnects() == 1);
        one.end();

        one.send(CapturedEvents.everything("snapshot"));
        awaitOrders(5, "b1", "b2");
        assertThat(one.positions().getLast()).as("no position").isEmpty();
    }

    @Test
    void whatIsNoEventStreamIsLeft() {
        nodes.add(two.url());
        one.send("<html>");
        one.send("\n".repeat(3) + "data: x\n\nid: nonsense\n\n");
        two.send(CapturedEvents.everything("snapshot"));

        awaitOrders(5, "b1", "b2");
    }

    @Test
    void aNodeThatHoldsTheConnectionButAnswersNoQuestionIsLeft() {
        one.send(CapturedEvents.EMPTY_CLUSTER + CapturedEvents.FIRST_JOIN);
        awaitOrders(1, "orders-0");
        nodes.set(0, two.url());
        one.answerNoQuestions();
        two.send(CapturedEvents.SECOND_JOIN);

        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> awaitOrders(2, "orders-0", "plain"));
    }

    @Test
    void closingEndsAtOnceWhileNothingComes() {
        one.send(CapturedEvents.EMPTY_CLUSTER);
        await().until(follower::isConnected);

        follower.close();

        await().atMost(Duration.ofSeconds(2)).until(() -> !follower.isConnected());
    }
}
