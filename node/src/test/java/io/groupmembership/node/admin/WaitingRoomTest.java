package io.groupmembership.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.node.identity.Volume;
import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.protocol.cluster.NodePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitingRoomTest {
    private static final String CLUSTER = "c0ffee00-0000-4000-8000-000000000000";

    private final HttpClient http = HttpClient.newHttpClient();
    private int adminPort;
    private int clientsPort;
    private Volume volume = new Volume(1, "", "", null, null);
    private CompletableFuture<Volume> formed = new CompletableFuture<>();

    @TempDir
    Path directory;

    @BeforeEach
    void startWaiting() throws IOException {
        adminPort = freePort();
        clientsPort = freePort();
        volume = Volume.open(directory, "demo-0");
        formed = CompletableFuture.supplyAsync(() -> WaitingRoom.await(
                directory,
                volume,
                "demo-0.example",
                "127.0.0.1",
                new NodePorts(clientsPort, 1, 2, 3, adminPort, 4),
                NodeTls.PLAIN));
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> get(adminPort, "/v1/raft").statusCode() == 200);
    }

    @AfterEach
    void form() throws Exception {
        if (!formed.isDone()) {
            assertThat(post(request(volume.peerId())).statusCode()).isEqualTo(200);
            formed.get(10, TimeUnit.SECONDS);
        }
        http.close();
    }

    @Test
    void itSaysWhoItIs() throws Exception {
        assertThat(get(adminPort, "/v1/raft").body())
                .contains("\"role\":\"unformed\"", "\"peerId\":\"" + volume.peerId() + "\"", "\"clusterId\":\"\"")
                .contains("\"address\":\"demo-0.example:1\"", "\"adminAddress\":\"demo-0.example:4\"");
    }

    @Test
    void itIsAliveAndServesNobody() throws Exception {
        assertThat(get(clientsPort, "/q/health/live").statusCode()).isEqualTo(200);
        assertThat(get(clientsPort, "/q/health/ready").statusCode()).isEqualTo(503);
        HttpResponse<String> groups = get(clientsPort, "/v1/groups");
        assertThat(groups.statusCode()).isEqualTo(503);
        assertThat(groups.body()).contains("waits to be formed");
        assertThat(groups.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aRequestThatIsWrongLeavesTheVolumeAsItWas() throws Exception {
        assertThat(post("{").statusCode()).isEqualTo(400);
        assertThat(post("{\"peer\":1}").body()).contains("\"field\":\"peer\"");
        assertThat(post(request("demo-0.other")).statusCode()).isEqualTo(409);
        assertThat(Volume.open(directory, "demo-0").formed()).isEmpty();
        assertThat(formed).isNotDone();
    }

    @Test
    void onceFormedItIsOverAndThePortsAreFree() throws Exception {
        HttpResponse<String> answer = post(request(volume.peerId()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

        Volume now = formed.get(10, TimeUnit.SECONDS);
        assertThat(now.formed()).isPresent();
        assertThat(Volume.open(directory, "demo-0")).isEqualTo(now);
        for (int port : new int[] {adminPort, clientsPort}) {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    private static String request(String peerId) {
        return "{\"peerId\":\"" + peerId + "\",\"clusterId\":\"" + CLUSTER
                + "\",\"clusterName\":\"demo\",\"recoveryEpoch\":0,\"founder\":true,\"minimumPeers\":3}";
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/v1/raft/form"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
