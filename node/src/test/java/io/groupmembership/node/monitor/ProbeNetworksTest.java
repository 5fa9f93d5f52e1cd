package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeNetworksTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.128.0/17, 10.1.128.1, true",
        "10.1.128.0/17, 10.1.127.255, false",
        "192.168.1.7/32, 192.168.1.7, true",
        "192.168.1.7/32, 192.168.1.6, false",
        "fd00::/8, fd12::1, true",
        "fd00::/8, fe80::1, false",
        "::/0, 10.0.0.1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true"
    })
    void anAddressIsInANetworkByItsPrefix(String network, String address, boolean in) {
        assertThat(ProbeNetworks.of(List.of(network)).permits(InetAddress.ofLiteral(address)))
                .isEqualTo(in);
    }

    @Test
    void loopbackIsThisMachineOnly() {
        assertThat(ProbeNetworks.LOOPBACK.permits(InetAddress.ofLiteral("127.0.0.2")))
                .isTrue();
        assertThat(ProbeNetworks.LOOPBACK.permits(InetAddress.ofLiteral("::1"))).isTrue();
        assertThat(ProbeNetworks.LOOPBACK.permits(InetAddress.ofLiteral("169.254.169.254")))
                .isFalse();
        assertThat(ProbeNetworks.ANY.permits(InetAddress.ofLiteral("169.254.169.254")))
                .isTrue();
        assertThat(ProbeNetworks.ANY.permits(InetAddress.ofLiteral("fd00::1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "example.org/8", "/8"})
    void whatIsNoNetworkIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProbeNetworks.of(List.of(text)))
                .withMessageContaining("gm.probe-networks");
    }
}
