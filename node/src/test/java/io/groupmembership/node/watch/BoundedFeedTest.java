package io.groupmembership.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedFeedTest {
    private final BoundedFeed<Integer> feed = new BoundedFeed<>(3);
    private final List<Integer> received = new ArrayList<>();

    @Test
    void whatIsOfferedComesInOrder() {
        feed.offer(1);
        feed.offer(2);

        assertThat(feed.drainTo(received)).isFalse();
        assertThat(received).containsExactly(1, 2);
    }

    @Test
    void afterALossNothingComesUntilTheReceiverKnowsOfIt() {
        for (int i = 1; i <= 5; i++) {
            feed.offer(i);
        }

        assertThat(feed.drainTo(received)).isTrue();
        assertThat(received).containsExactly(1, 2, 3);
        feed.offer(6);
        assertThat(feed.drainTo(received)).isFalse();
        assertThat(received).containsExactly(1, 2, 3, 6);
    }

    @Test
    void aLossThatIsDeclaredIsReportedOnce() {
        feed.offer(1);
        feed.lose();
        feed.offer(2);

        assertThat(feed.drainTo(received)).isTrue();
        assertThat(received).containsExactly(1);
        assertThat(feed.drainTo(received)).isFalse();
    }
}
