package io.groupmembership.sidecar.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartbeatPlaceTest {
    @Test
    void theSocketIsBoundWhereTheOptionsWantIt() throws IOException {
        List<HostPort> nodes = List.of(new HostPort("no-such-host.invalid", 1), new HostPort("127.0.0.1", 7701));

        HeartbeatPlace toward = HeartbeatPlace.choose(Optional.empty(), Optional.empty(), nodes);
        assertThat(toward.advertised(4711)).isEqualTo("127.0.0.1:4711");
        assertThat(toward.bind().getPort()).isZero();

        HeartbeatPlace beside =
                HeartbeatPlace.choose(Optional.empty(), Optional.of(HostPort.parse("[::1]:7000")), nodes);
        assertThat(beside.advertised(4711)).isEqualTo("[::1]:4711");

        HeartbeatPlace translated =
                HeartbeatPlace.choose(Optional.of(HostPort.parse("192.0.2.1:7118")), Optional.empty(), nodes);
        assertThat(translated.advertised(7118)).isEqualTo("192.0.2.1:7118");
        assertThat(translated.bind().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(translated.bind().getPort()).isEqualTo(7118);
    }
}
