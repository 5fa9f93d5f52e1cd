package io.groupmembership.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.cli.CannedServer;
import io.groupmembership.cli.http.Connector;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
    private static Readiness of(String url) {
        return Readiness.ask(Connector.PLAIN, URI.create(url));
    }

    @Test
    void whatAnswersIsReadyOrNot() throws Exception {
        try (CannedServer ready = CannedServer.json(200, "{}");
                CannedServer unready = CannedServer.json(503, "{}")) {
            assertThat(of(ready.url())).isEqualTo(Readiness.READY);
            assertThat(of(unready.url())).isEqualTo(Readiness.UNREADY);
        }
    }

    @Test
    void whatListensWithoutAnAnswerIsSilentAndWhatDoesNotListenIsStarting() throws Exception {
        int port;
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = silent.getLocalPort();
            assertThat(of("http://127.0.0.1:" + port)).isEqualTo(Readiness.SILENT);
        }
        assertThat(of("http://127.0.0.1:" + port)).isEqualTo(Readiness.STARTING);
    }
}
