package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.cli.local.ClusterDirectory;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The secret that heartbeats are sealed with is changed while members live, and nothing is started again. */
@ExtendWith(Started.class)
class SecretRotationIT {
    private static final int AGENTS = Boolean.getBoolean("gm.soak") ? 200 : 4;

    /** Nodes read the file each 10 s, and use what was appended 2 s later at the earliest. */
    private static final Duration READ_BY_ALL = Duration.ofSeconds(15);

    @TempDir
    static Path directory;

    @Test
    void noLeaseIsLostWhileTheSecretIsChanged() throws Exception {
        ProcessCluster cluster =
                ProcessCluster.create(directory, "-Dgm.secrets-grace=2s").startAll();
        Path secrets = new ClusterDirectory(directory).secretsFile();
        Group group = new Group(cluster, "payments").withPolicy(Group.QUICK);
        List<AgentProcess> agents = new ArrayList<>();
        for (int i = 0; i < AGENTS; i++) {
            agents.add(AgentProcess.join(directory, cluster.urls(), group.name(), "a-" + i));
            AgentProcess.awaitWave(agents);
        }
        assertThat(agents).allSatisfy(agent -> assertThat(agent.incarnation()).isPositive());
        Map<String, Long> before = Group.incarnations(group.view());
        long view = group.view().get("view").asLong();
        String old = Files.readString(secrets);
        String added = "2 " + "B".repeat(42) + "A=\n";
        assertThat(cluster.apis()).allSatisfy(node -> assertThat(keyIdFor(node)).isEqualTo(1));

        replace(secrets, old + added);
        await("all nodes use the new secret")
                .atMost(ProcessCluster.LIMIT)
                .untilAsserted(() -> assertThat(cluster.apis())
                        .allSatisfy(node -> assertThat(keyIdFor(node)).isEqualTo(2)));
        replace(secrets, added);

        await("nobody goes")
                .during(READ_BY_ALL)
                .atMost(READ_BY_ALL.multipliedBy(2))
                .until(() -> Group.incarnations(group.view()).equals(before));
        assertThat(group.view().get("view").asLong()).isEqualTo(view);
        for (AgentProcess agent : agents) {
            assertThat(agent.output().lines().map(line -> line.substring(0, line.indexOf(' '))))
                    .as("once a member, and never fenced")
                    .containsExactly("joining", "admitted", "member");
        }
        for (String nodeId : cluster.nodeIds()) {
            assertThat(Files.readString(cluster.log(nodeId)))
                    .contains("heartbeats are sealed with the secret of key id 2, and [ClusterSecret 2] are accepted")
                    .doesNotContain("B".repeat(42));
        }
    }

    /** Which secret a node seals with: what it tells whoever joins. */
    private static int keyIdFor(NodeApi node) throws IOException, InterruptedException {
        Map<String, Object> joiner = Group.joiner("k-" + UUID.randomUUID(), "127.0.0.1:9", "udp");
        joiner.put("instance", UUID.randomUUID().toString());
        String members = "/v1/namespaces/default/groups/keys/members";
        var answer = node.post(members, joiner).json();
        node.delete(members + "/" + answer.get("memberId").asText() + "?incarnation="
                + answer.get("incarnation").asLong());
        return answer.get("heartbeat").get("keyId").asInt();
    }

    private static void replace(Path secrets, String text) throws IOException {
        Path draft = secrets.resolveSibling("secrets.new");
        Files.writeString(draft, text);
        Files.move(draft, secrets, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
