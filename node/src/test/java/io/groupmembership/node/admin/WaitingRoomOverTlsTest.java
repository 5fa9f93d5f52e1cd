package io.groupmembership.node.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.node.tls.TestCertificates;
import io.groupmembership.node.tls.TlsProbe;
import io.groupmembership.protocol.cluster.NodePorts;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitingRoomOverTlsTest {
    private static final String CLUSTER = "c0ffee00-0000-4000-8000-000000000000";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CertificateAuthority ca = TestCertificates.authority("one");

    @TempDir
    Path directory;

    private Path write(String name, KeyedCertificate certificate) {
        return TestCertificates.write(directory.resolve(name), certificate, ca);
    }

    private TlsProbe caller(KeyedCertificate certificate) {
        return TlsProbe.of(write("caller", certificate));
    }

    @Test
    void anAdministratorFormsTheNodeAndNobodyElseGetsIn() throws Exception {
        // given
        int admin = freePort();
        int clients = freePort();
        NodeTls tls = NodeTls.of(Optional.of(write("node", TestCertificates.node(ca))));
        Path data = directory.resolve("data");
        Volume volume = Volume.open(data, "demo-0");
        CompletableFuture<Volume> formed = CompletableFuture.supplyAsync(() -> WaitingRoom.await(
                data, volume, "demo-0.example", "127.0.0.1", new NodePorts(clients, 1, 2, 3, admin, 4), tls));
        TlsProbe administrator = caller(TestCertificates.administrator(ca));
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> administrator.http(admin) != null);

        // when strangers call, then
        TlsProbe agent = caller(TestCertificates.agent(ca));
        assertThatIOException().isThrownBy(() -> agent.http(admin));
        assertThat(agent.http(clients)).isNotNull();
        for (int port : new int[] {admin, clients}) {
            assertThatIOException().isThrownBy(() -> administrator.older(port));
            assertThat(TlsProbe.plainText(port)).isEmpty();
        }

        // when an administrator forms it, then
        TlsFiles files = TlsFiles.in(write("ann", TestCertificates.administrator(ca)));
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(ReloadingTls.of(files).sslContext())
                .build()) {
            String body = "{\"peerId\":\"" + volume.peerId() + "\",\"clusterId\":\"" + CLUSTER
                    + "\",\"clusterName\":\"demo\",\"recoveryEpoch\":0,\"founder\":true,\"minimumPeers\":3}";
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + admin + "/v1/raft/form"))
                    .timeout(PATIENCE)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
        assertThat(formed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).formed()).isPresent();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
