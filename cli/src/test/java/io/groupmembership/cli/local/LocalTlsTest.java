package io.groupmembership.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.certificates.Pem;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.GmRun;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalTlsTest {
    private static final HostPort PLACE = new HostPort("10.0.0.1", 7701);

    @TempDir
    private Path home = Path.of("");

    private final Instant now = Instant.now();
    private ClusterDirectory directory = new ClusterDirectory(Path.of(""));
    private ClusterFile cluster = ClusterDirectory.draw("local", LocalPorts.fromBase(7700, 1));

    @BeforeEach
    void aCluster() throws Exception {
        directory = new ClusterDirectory(home.resolve(".gm/local"));
        directory.make(cluster, Timing.USUAL);
    }

    private void withTls() throws Exception {
        directory.tls().make(now);
        directory.tls().keepAdministrator(now);
        directory.tls().keepNode(node(), now);
    }

    private LocalNode node() {
        return LocalNode.founder(cluster.nodes().getFirst());
    }

    private X509Certificate certificate(String name) throws Exception {
        return Pem.readCertificates(Files.readString(directory.tls().set().certificateFile(name)))
                .getFirst();
    }

    private ServerOptions.Target found(Map<String, String> environment) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new ServerOptions()
                .target(new Invocation(home, environment, InputStream.nullInputStream(), nowhere, nowhere));
    }

    private List<String> command() {
        NodeLaunch launch =
                new NodeLaunch(Path.of("java"), Path.of("node.jar"), Optional.empty(), Optional.empty(), List.of());
        return launch.command(directory, node(), List.of());
    }

    @Test
    void withoutCertificatesNothingIsOverTls() {
        assertThat(directory.connector().url(PLACE)).hasScheme("http");
        assertThat(command()).noneMatch(argument -> argument.contains("tls") || argument.contains("access"));
    }

    @Test
    void nodesAreStartedWithTheirCertificatesAndWithThePolicy() throws Exception {
        withTls();
        directory.givePolicy();

        assertThat(directory.connector().url(PLACE)).hasScheme("https");
        assertThat(command())
                .contains(
                        "-Dgm.tls-dir=" + directory.path().resolve("tls/node-1"),
                        "-Dgm.access=policy",
                        "-Dgm.policy-file=" + directory.path().resolve("policy.yaml"));
        assertThat(Files.readString(directory.policyFile())).contains("groupmembership.io:admins");
    }

    @Test
    void aPolicyThatSomebodyChangedStays() throws Exception {
        directory.givePolicy();
        Files.writeString(directory.policyFile(), "rules: []\n");

        directory.givePolicy();

        assertThat(directory.policyFile()).hasContent("rules: []");
    }

    @Test
    void aNodesCertificateNamesItAndThisMachineAndFitsItsKey() throws Exception {
        withTls();

        assertThat(certificate("node-1").getSubjectX500Principal().getName())
                .isEqualTo("CN=node-1,O=groupmembership.io:nodes");
        assertThat(certificate("node-1").getSubjectAlternativeNames().toString())
                .contains("node-1", "localhost", "127.0.0.1");
        ReloadingTls.of(TlsFiles.in(directory.path().resolve("tls/node-1")));
    }

    @Test
    void certificatesAreRenewedWhenTheyAreDueAndNotBefore() throws Exception {
        withTls();
        X509Certificate node = certificate("node-1");
        X509Certificate admin = certificate("admin");

        directory.tls().make(now);
        directory.tls().keepNode(node(), now.plus(Duration.ofDays(200)));
        directory.tls().keepAdministrator(now.plus(Duration.ofDays(200)));
        assertThat(certificate("node-1")).isEqualTo(node);
        assertThat(certificate("admin")).isEqualTo(admin);

        directory.tls().keepNode(node(), now.plus(Duration.ofDays(300)));
        assertThat(certificate("node-1").getNotAfter()).isAfter(node.getNotAfter());
        assertThat(certificate("node-1").getIssuerX500Principal()).isEqualTo(node.getIssuerX500Principal());
    }

    @Test
    void whoFindsTheRunningClusterByItselfCallsItWithItsCertificates() throws Exception {
        withTls();
        assertThat(found(Map.of()).servers())
                .allSatisfy(server -> assertThat(server).hasScheme("http"));

        new UpFile(1, 1, true, Map.of(), Map.of(), 0).write(directory.upFile());
        ServerOptions.Target target = found(Map.of());

        assertThat(target.servers())
                .hasSize(1)
                .allSatisfy(server -> assertThat(server).hasScheme("https"));
        assertThat(target.connector().url(PLACE)).hasScheme("https");
    }

    @Test
    void whoNamesTheServersSaysHowToCallThemToo() throws Exception {
        withTls();
        new UpFile(1, 1, true, Map.of(), Map.of(), 0).write(directory.upFile());

        assertThat(found(Map.of("GM_SERVER", "10.0.0.1:7701")).servers().getFirst())
                .hasScheme("http");
        assertThat(found(Map.of(
                                "GM_SERVER",
                                "10.0.0.1:7701",
                                "GM_CA",
                                directory.tls().set().bundleFile().toString()))
                        .servers()
                        .getFirst())
                .hasScheme("https");
    }

    @Test
    void aPolicyNeedsTlsAndIsNotTakenAwayByAnOption() throws Exception {
        String data = directory.path().toString();
        GmRun plain = GmRun.of("", "up", "--access", "policy", "--data", data);
        directory.givePolicy();
        GmRun open = GmRun.of("", "up", "--access", "open", "--data", data);

        assertThat(plain.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(plain.err()).contains("--access policy: needs --tls");
        assertThat(open.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(open.err()).contains("policy.yaml");
        assertThat(GmRun.of("", "up", "--access", "maybe", "--data", data).exitCode())
                .isEqualTo(ExitCode.USAGE);
    }
}
