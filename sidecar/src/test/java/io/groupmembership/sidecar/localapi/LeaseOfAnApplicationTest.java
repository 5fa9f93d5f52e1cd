package io.groupmembership.sidecar.localapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.client.Lease;
import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.sidecar.FakeNode;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.member.GroupPath;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StatusBoardAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What an application believes, beside a real local API and by the real clock. */
@EnabledOnOs(OS.LINUX)
class LeaseOfAnApplicationTest {
    private final StatusBoard board = StatusBoard.withLease("payments/a", _ -> {}, BootClock.system());
    private FakeNode node;
    private LocalApi api;
    private Lease lease;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
        api = new LocalApi(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                board,
                new GroupPath("default", "payments", "a"),
                new NodeList(List.of(node.address()), new Random(1)));
        lease = Lease.of(URI.create("http://127.0.0.1:" + api.address().getPort()));
    }

    @AfterEach
    void close() {
        lease.close();
        api.close();
        node.close();
    }

    private void confirm(Duration term) {
        board.confirmed(17, BootClock.system().nanos() + term.toNanos(), DatagramPath.UDP);
    }

    @Test
    void itIsValidAsLongAsTheAgentSaysAndNoLongerThoughTheAgentIsGone() {
        assertThat(lease.isValid()).isFalse();
        StatusBoardAccess.member(board, 17, 3, "a");
        confirm(Duration.ofSeconds(3));
        await().until(lease::isValid);
        assertThat(lease.incarnation()).contains(17L);

        api.close();

        assertThat(lease.isValid())
                .as("an agent that is gone takes nothing back")
                .isTrue();
        await().until(() -> !lease.isValid());
        assertThat(board.now().leaseRemainingMillis()).isZero();
        assertThat(lease.incarnation()).isEmpty();
    }

    @Test
    void aFreshConfirmationIsHeardOf() {
        StatusBoardAccess.member(board, 17, 3, "a");
        confirm(Duration.ofMillis(1_500));
        await().until(lease::isValid);
        await().until(() -> !lease.isValid());
        confirm(Duration.ofSeconds(60));
        await().until(lease::isValid);
    }

    @Test
    void aRemovedMemberHasNone() {
        StatusBoardAccess.member(board, 17, 3, "a");
        confirm(Duration.ofSeconds(60));
        await().until(lease::isValid);
        StatusBoardAccess.removed(board);
        await().until(() -> !lease.isValid());
    }

    @Test
    void aLeaseThatIsClosedStaysInvalid() {
        StatusBoardAccess.member(board, 17, 3, "a");
        confirm(Duration.ofSeconds(60));
        await().until(lease::isValid);
        lease.close();
        assertThat(lease.isValid()).isFalse();
        assertThat(lease.incarnation()).isEmpty();
    }
}
