package io.groupmembership.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3:7000, 10.1.2.3, 7000",
        "db.example:1, db.example, 1",
        "my_db-1.ns.svc.cluster.local:65535, my_db-1.ns.svc.cluster.local, 65535",
        "localhost:80, localhost, 80",
        "[2001:db8::1]:7000, 2001:db8::1, 7000",
        "[::1]:7000, ::1, 7000",
        "[::ffff:10.0.0.1]:7000, ::ffff:10.0.0.1, 7000",
        "1a.2b:80, 1a.2b, 80"
    })
    void goodAddresses(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "host",
                "host:",
                "host:0",
                "host:65536",
                "host:-1",
                "host:+1",
                "host: 80",
                "host:80 ",
                "host:8o",
                "host:999999",
                "host:99999999999999999999",
                "a b:80",
                "a/b:80",
                "user@host:80",
                "host\n:80",
                "-host:80",
                "host-:80",
                ".host:80",
                "host.:80",
                "a..b:80",
                "::1:80",
                "[::1]",
                "[::1]80",
                "[]:80",
                "[:]:80",
                "[::1:80",
                "::1]:80",
                "[10.0.0.1]:80",
                "[::]:80",
                "[0:0:0:0:0:0:0:0]:80",
                "[fe80::1%eth0]:80",
                "[1:2:3:4:5:6:7:8:9]:80",
                "[::g]:80",
                "http://host:80",
                "host\u0000:80",
                "hö.example:80",
                "[::\u0661]:80",
                "\u0661.example:80",
                "host:\u0668\u0660",
                "0.0.0.0:80",
                "999.1.1.1:80",
                "1.2.3:80",
                "256.256.256.256:80",
                "1:80",
                "010.0.0.1:80",
                "1.2.3.4.5:80"
            })
    void badAddresses(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must ");
    }

    @Test
    void labelsAndNamesHaveTheLengthsOfDns() {
        String label = "a".repeat(63);
        assertThat(HostPort.parse(label + ":80").host()).isEqualTo(label);
        assertThatThrownBy(() -> HostPort.parse("a" + label + ":80")).isInstanceOf(IllegalArgumentException.class);
        String name = String.join(".", label, label, label, "a".repeat(61));
        assertThat(HostPort.parse(name + ":80").host()).hasSize(253);
        assertThatThrownBy(() -> HostPort.parse(name + "a:80")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HostPort.parse("a".repeat(10_000_000))).isInstanceOf(IllegalArgumentException.class);
    }

    @Provide
    Arbitrary<String> hosts() {
        Arbitrary<String> octet = Arbitraries.integers().between(0, 255).map(String::valueOf);
        Arbitrary<String> ipv4 = Combinators.combine(Arbitraries.integers().between(1, 255), octet, octet, octet)
                .as((a, b, c, d) -> a + "." + b + "." + c + "." + d);
        Arbitrary<String> ipv6 = Arbitraries.integers()
                .between(0, 0xFFFF)
                .map(Integer::toHexString)
                .list()
                .ofSize(7)
                .map(words -> "1:" + String.join(":", words));
        Arbitrary<String> name = Arbitraries.strings()
                .withCharRange('a', 'z')
                .ofMinLength(1)
                .ofMaxLength(63)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(labels -> String.join(".", labels));
        return Arbitraries.oneOf(ipv4, ipv6, name);
    }

    @Property
    void whatIsWrittenIsRead(@ForAll("hosts") String host, @ForAll @IntRange(min = 1, max = 65_535) int port) {
        HostPort address = new HostPort(host, port);
        assertThat(HostPort.parse(address.toString())).isEqualTo(address);
    }

    @Property(tries = 2_000)
    void anyTextIsAnAddressOrRefusedWithAPhrase(@ForAll String text) {
        for (String candidate : new String[] {text, text + ":80", "[" + text + "]:80", "h:" + text}) {
            try {
                HostPort address = HostPort.parse(candidate);
                assertThat(HostPort.parse(address.toString())).isEqualTo(address);
            } catch (IllegalArgumentException e) {
                assertThat(e)
                        .isExactlyInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("must ");
            }
        }
    }
}
