package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Nodes;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A packet filter drops the heartbeats of one agent: what goes over TCP still comes through. */
@ExtendWith(Started.class)
class BlockedUdpIT {
    /** Three leases of a quick group. */
    private static final Duration LONGER_THAN_A_REMOVAL = Duration.ofSeconds(9);

    @TempDir
    static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = ProcessCluster.create(directory).startAll();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static JsonNode self(NodeApi agent) throws IOException, InterruptedException {
        return agent.get("/v1/self").json();
    }

    /** Whoever TCP carries is tried by UDP again after a minute. */
    private static void awaitPath(NodeApi agent, String path) {
        await("heartbeats by " + path)
                .atMost(Duration.ofMinutes(1).plus(Nodes.LIMIT))
                .until(() -> self(agent).get("heartbeatPath").asText().equals(path));
    }

    @Test
    void aMemberWhoseUdpIsBlockedStaysAndIsConfirmedOverTcp() throws Exception {
        // given
        Group group = new Group(cluster, "blocked").withPolicy(Group.QUICK);
        int heartbeats = freePort();
        int api = freePort();
        AgentProcess first = join(group, "first", heartbeats, api);
        NodeApi firstApi = new NodeApi(URI.create("http://127.0.0.1:" + api));
        Map<String, Long> incarnations = Map.of("first", first.incarnation());
        awaitPath(firstApi, "udp");

        // when
        PacketFilter block = block(heartbeats);
        try {
            // then
            awaitPath(firstApi, "tcp");
            long endsNanos = self(firstApi).get("leaseEndsBoottimeNanos").asLong();
            await("a lease much later")
                    .atMost(Nodes.LIMIT)
                    .until(() -> self(firstApi).get("leaseEndsBoottimeNanos").asLong()
                            > endsNanos + LONGER_THAN_A_REMOVAL.toNanos());
            assertThat(Group.incarnations(group.view())).isEqualTo(incarnations);
            assertThat(first.output()).doesNotContain("fenced");
        } finally {
            block.end();
        }
    }

    @Test
    void anAgentThatUdpNeverReachedBecomesAMember() throws Exception {
        Group group = new Group(cluster, "never-reached").withPolicy(Group.QUICK);
        int heartbeats = freePort();
        int api = freePort();
        PacketFilter block = block(heartbeats);
        try {
            assertThat(join(group, "second", heartbeats, api).incarnation()).isPositive();
            awaitPath(new NodeApi(URI.create("http://127.0.0.1:" + api)), "tcp");
        } finally {
            block.end();
        }
    }

    private static PacketFilter block(int port) throws IOException, InterruptedException {
        assumeTrue(PacketFilter.isPossible(), "iptables is wanted, and root");
        return PacketFilter.udp("--dport", String.valueOf(port));
    }

    private static AgentProcess join(Group group, String id, int heartbeatPort, int apiPort) throws IOException {
        return AgentProcess.join(
                directory,
                cluster.urls(),
                group.name(),
                id,
                "--heartbeat-address",
                "127.0.0.1:" + heartbeatPort,
                "--listen",
                "127.0.0.1:" + apiPort);
    }
}
