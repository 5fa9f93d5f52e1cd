package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.protocol.HeartbeatMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:80,             127.0.0.1:80,  /",
        "[::1]:80,                 [::1]:80,      /",
        "db-0.example:8080/healthz, db-0.example:8080, /healthz",
        "[::1]:80/a/b?c=d:e,       [::1]:80,      /a/b?c=d:e",
    })
    void anHttpAddressHasAHostAPortAndPerhapsAPath(String text, String hostPort, String path) {
        ProbeAddress.Parts parts = ProbeAddress.parse(text, HeartbeatMode.HTTP);
        assertThat(parts.hostPort()).hasToString(hostPort);
        assertThat(parts.path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:0",
                ":80",
                "/healthz",
                "localhost:80/a b",
                "localhost:80/a\r\nHost: other",
                "localhost:80/\u00e4"
            })
    void whatWouldBreakARequestIsNoAddress(String text) {
        assertThatThrownBy(() -> ProbeAddress.parse(text, HeartbeatMode.HTTP))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200, true",
        "HTTP/1.0 204, true",
        "HTTP/1.1 302, true",
        "HTTP/1.1 399, true",
        "HTTP/1.1 100, false",
        "HTTP/1.1 400, false",
        "HTTP/1.1 500, false",
        "HTTP/1.1 2oo, false",
        "HTTP/2.0 200, false",
        "SSH-2.0-Open, false",
    })
    void aStatusFrom200To399IsAnAnswer(String start, boolean healthy) {
        assertThat(HttpExchange.judge(start) instanceof HttpExchange.Step.Healthy)
                .isEqualTo(healthy);
    }
}
