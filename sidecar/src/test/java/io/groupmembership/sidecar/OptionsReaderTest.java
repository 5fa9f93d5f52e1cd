package io.groupmembership.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.tls.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsReaderTest {
    private static AgentOptions read(Map<String, String> environment, String... arguments) throws UsageException {
        return OptionsReader.read(List.of(arguments), environment, "host-1");
    }

    @Test
    void aGroupIsEnough() throws UsageException {
        AgentOptions options = read(Map.of(), "--group", "payments");

        assertThat(options.namespace()).isEqualTo("default");
        assertThat(options.memberId()).isEqualTo("host-1");
        assertThat(options.memberName()).isEqualTo("payments/host-1");
        assertThat(options.heartbeat()).isEqualTo(HeartbeatMode.UDP);
        assertThat(options.servers()).extracting(HostPort::port).containsExactly(7701, 7702, 7703);
        assertThat(options.listen()).isEmpty();
        assertThat(options.joinsOnceOnly()).isFalse();
    }

    @Test
    void everyOptionIsTaken() throws UsageException {
        AgentOptions options = read(
                Map.of(),
                "--group=g",
                "--id=a",
                "--namespace",
                "prod",
                "--server",
                "http://n1:80, http://[::1]:7702/,http://n3",
                "--token-file",
                "/run/token",
                "--address",
                "[2001:db8::1]:7000",
                "--heartbeat",
                "http",
                "--heartbeat-address",
                "10.0.0.1:8080/live?x=1",
                "--metadata",
                "zone=eu-1",
                "--metadata",
                "empty=",
                "--listen",
                "127.0.0.1:7117",
                "--probe-listen=10.0.0.1:7118",
                "--when-replaced",
                "wait",
                "--on-fence",
                "notify",
                "--",
                "./server",
                "--group",
                "other");

        assertThat(options)
                .isEqualTo(new AgentOptions(
                        "prod",
                        "g",
                        "a",
                        List.of(new HostPort("n1", 80), new HostPort("::1", 7702), new HostPort("n3", 80)),
                        java.util.Optional.empty(),
                        java.util.Optional.of(Path.of("/run/token")),
                        java.util.Optional.of(new HostPort("2001:db8::1", 7000)),
                        HeartbeatMode.HTTP,
                        java.util.Optional.of("10.0.0.1:8080/live?x=1"),
                        Map.of("zone", "eu-1", "empty", ""),
                        java.util.Optional.of(new HostPort("127.0.0.1", 7117)),
                        java.util.Optional.of(new HostPort("10.0.0.1", 7118)),
                        OnFence.NOTIFY,
                        true,
                        List.of("./server", "--group", "other")));
        assertThat(options.memberName()).isEqualTo("prod/g/a");
    }

    @Test
    void theEnvironmentStandsInForArgumentsAndGivesWayToThem() throws UsageException {
        Map<String, String> environment = Map.of(
                "GM_GROUP", "g",
                "GM_MEMBER_ID", "pod-0",
                "GM_NAMESPACE", "",
                "GM_LISTEN", "127.0.0.1:7117",
                "GM_SERVER", "http://n:1");

        assertThat(read(environment, "--id", "mine").memberId()).isEqualTo("mine");
        assertThat(read(environment).memberId()).isEqualTo("pod-0");
        assertThat(read(environment).namespace()).isEqualTo("default");
        assertThat(read(environment).listen()).isPresent();
        assertThat(read(environment, "--no-listen").listen()).isEmpty();
        assertThat(read(environment).servers()).containsExactly(new HostPort("n", 1));
    }

    @Test
    void nodesAreCalledOverTlsWhereTheServerSaysSo() throws UsageException {
        Map<String, String> environment = Map.of(
                "GM_GROUP", "g",
                "GM_SERVER", "https://n1:7701,https://n2",
                "GM_CA", "/tls/ca.crt",
                "GM_CERTIFICATE", "/tls/tls.crt",
                "GM_KEY", "/tls/tls.key");

        assertThat(read(environment).servers()).containsExactly(new HostPort("n1", 7701), new HostPort("n2", 443));
        assertThat(read(environment).tls()).contains(TlsFiles.in(Path.of("/tls")));
        assertThat(read(environment, "--ca", "other.crt").tls().orElseThrow().ca())
                .isEqualTo(Path.of("other.crt"));
        assertThat(read(environment, "--server", "http://n1:7701").tls()).isEmpty();
    }

    @Test
    void theFenceOfACommandIsChosen() throws UsageException {
        assertThat(read(Map.of(), "--group", "g").onFence()).isEqualTo(OnFence.NOTIFY);
        assertThat(read(Map.of(), "--group", "g", "--on-fence", "signal", "--", "x")
                        .onFence())
                .isEqualTo(OnFence.SIGNAL);
        assertThat(read(Map.of("GM_ON_FENCE", "stop"), "--group", "g", "--", "x")
                        .onFence())
                .isEqualTo(OnFence.STOP);
    }

    @Test
    void aPodTellsWhichItIsAndWhatElseOthersShallKnow() throws UsageException {
        Map<String, String> environment = Map.of(
                "GM_GROUP", "g",
                "GM_METADATA", "zone=eu-1, version=2",
                "GM_POD_UID", "0b4d9f0e",
                "GM_K8S_NODE", "worker-1");

        assertThat(read(environment, "--metadata", "color=blue").metadata())
                .containsOnly(
                        Map.entry("color", "blue"),
                        Map.entry("zone", "eu-1"),
                        Map.entry("version", "2"),
                        Map.entry("kubernetes.io/pod-uid", "0b4d9f0e"),
                        Map.entry("kubernetes.io/node", "worker-1"));
    }

    /** As the operator injects it: Kubernetes puts the bare address in for $(GM_POD_IP). */
    @ParameterizedTest
    @CsvSource({"10.1.2.3, 10.1.2.3", "fd00::1:7, [fd00::1:7]"})
    void thePodsAddressNeedsNoBrackets(String podAddress, String host) throws UsageException {
        AgentOptions options = read(Map.of(
                "GM_GROUP",
                "g",
                "GM_POD_IP",
                podAddress,
                "GM_ADDRESS",
                podAddress + ":8080",
                "GM_HEARTBEAT_ADDRESS",
                podAddress + ":7799",
                "GM_LISTEN",
                "127.0.0.1:7117",
                "GM_PROBE_LISTEN",
                podAddress + ":7799"));

        assertThat(options.address()).map(HostPort::toString).contains(host + ":8080");
        assertThat(options.heartbeatAddress()).contains(host + ":7799");
        assertThat(options.probeListen()).map(HostPort::toString).contains(host + ":7799");
        assertThat(options.listen()).contains(new HostPort("127.0.0.1", 7117));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--id a                                     | --group: is required",
                "--group                                    | --group: needs a value",
                "--group -- x                               | --group: needs a value",
                "--group=                                   | --group: must not be empty",
                "--group ../etc                             | --group: must be lower case",
                "--group g --group h                        | --group: is given twice",
                "--group g --bogus                          | --bogus: no such option",
                "--group g stray                            | stray: no such option",
                "--group g --id a/b                         | --id: must be ASCII",
                "--group g --namespace UP                   | --namespace: must be lower case",
                "--group g --server n:1                     | --server: must be http://host:port",
                "--group g --server http://n:1,             | --server: must be http://host:port",
                "--group g --server https://n:1             | --ca: is required",
                "--group g --server https://n:1,http://n:2  | --server: must be all",
                "--group g --server ftp://n:1               | --server: must be http://host:port",
                "--group g --certificate c.pem              | --key: is required",
                "--group g --key k.pem                      | --certificate: is required",
                "--group g --server http://n:1/path         | --server: must have a port",
                "--group g --server http://n:65536          | --server: must have a port",
                "--group g --address n:0                    | --address: must have a port",
                "--group g --address n                      | --address: must be host:port",
                "--group g --address ::1:80                 | --address: must have brackets",
                "--group g --heartbeat icmp                 | --heartbeat: must be udp, tcp or http",
                "--group g --heartbeat tcp                  | --address: is required with --heartbeat tcp",
                "--group g --heartbeat-address n:1/p        | --heartbeat-address: may have a path",
                "--group g --heartbeat-address n            | --heartbeat-address: must be host:port",
                "--group g --listen 7117                    | --listen: must be host:port",
                "--group g --metadata k                     | --metadata: must be key=value",
                "--group g --metadata k=1 --metadata k=2    | --metadata: has 'k' twice",
                "--group g --on-fence kill -- x             | --on-fence: must be notify, signal or stop",
                "--group g --when-replaced stay              | --when-replaced: must be exit or wait, not 'stay'",
                "--group g --on-fence signal                | --on-fence: signal needs a command",
                "--group g --on-fence stop                  | --on-fence: stop needs a command",
                "--group g --heartbeat tcp --address n:1 --on-fence stop -- x | --on-fence: stop needs --heartbeat udp",
                "--group g --                               | --: a command must follow it"
            })
    void aMistakeIsToldInOneLineThatNamesTheFlag(String arguments, String message) {
        assertThatThrownBy(() -> read(Map.of(), arguments.strip().split(" +")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void tooMuchMetadataAndControlCharactersAreRefused() {
        assertThatThrownBy(() -> read(Map.of(), "--group", "g", "--metadata", "k=" + "x".repeat(4_096)))
                .hasMessageContaining("4096 bytes");
        assertThatThrownBy(() -> read(Map.of(), "--group", "g", "--bad\n\u0007"))
                .message()
                .doesNotContain("\n");
    }
}
