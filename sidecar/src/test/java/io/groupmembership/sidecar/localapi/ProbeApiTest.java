package io.groupmembership.sidecar.localapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeRequest;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StatusBoardAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbeApiTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void itTellsOfLifeAndMembershipAndNothingElse() throws IOException {
        StatusBoard board = StatusBoard.withoutLease("payments/a", _ -> {});
        try (ProbeApi api = new ProbeApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), board)) {
            assertThat(status(api, "/healthz")).isEqualTo(200);
            assertThat(status(api, "/readyz")).isEqualTo(503);
            assertThat(status(api, "/v1/self")).isEqualTo(404);

            StatusBoardAccess.member(board, 17, 3, "a");
            assertThat(status(api, "/readyz")).isEqualTo(200);
        }
    }

    private static int status(ProbeApi api, String path) throws IOException {
        try (HttpCall call =
                new HttpCall(new HostPort("127.0.0.1", api.address().getPort()))) {
            call.send(NodeRequest.get(path), LIMIT, LIMIT);
            return call.status();
        }
    }
}
