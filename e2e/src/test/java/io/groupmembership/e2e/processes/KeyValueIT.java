package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The key-value store over three processes, one of which dies. */
@ExtendWith(Started.class)
class KeyValueIT {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    @TempDir
    static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = ProcessCluster.create(directory, "-Dgm.snapshot-entries=50").startAll();
    }

    private static String key(String name) {
        return "/v1/namespaces/default/kv/" + name;
    }

    private static NodeApi node(int i) {
        return cluster.apis().get(i % cluster.apis().size());
    }

    @Test
    void whatOneNodeWroteAnotherReadsAndAThirdComparesAndSets() throws Exception {
        byte[] bytes = {0, (byte) 0xFF, 10, 13, 0};
        Answer created = node(0).putBytes(key("cas/a"), bytes);
        assertThat(created.status()).isEqualTo(201);
        String first = created.header("ETag");

        Answer read = node(1).get(key("cas/a"));
        assertThat(read.body()).isEqualTo(bytes);
        assertThat(read.header("ETag")).isEqualTo(first);
        assertThat(node(2).get(key("cas/a"), "If-None-Match", first).status()).isEqualTo(304);

        Answer set = node(2).putText(key("cas/a"), "second", "If-Match", first);
        assertThat(set.status()).isEqualTo(200);
        Answer late = node(0).putText(key("cas/a"), "third", "If-Match", first);
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.isProblem("condition-failed")).isTrue();
        assertThat(node(1).get(key("cas/a")).text()).isEqualTo("second");
        assertThat(node(1).putText(key("cas/a"), "x", "If-None-Match", "*").status())
                .isEqualTo(412);

        assertThat(node(0).delete(key("cas/a"), "If-Match", first).status()).isEqualTo(412);
        assertThat(node(0).delete(key("cas/a"), "If-Match", set.header("ETag")).status())
                .isEqualTo(204);
        assertThat(node(1).get(key("cas/a")).status()).isEqualTo(404);
        Answer again = node(2).putText(key("cas/a"), "x", "If-None-Match", "*");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("ETag")).isNotIn(first, set.header("ETag"));
    }

    @Test
    void aRetriedWriteIsAppliedOnceAcrossADeadLeaderAndARestartOfAllFromSnapshots() throws Exception {
        // given
        String once = key("once");
        String[] create = {IDEMPOTENCY_KEY, "request-1", "If-None-Match", "*"};
        Answer created = node(0).putText(once, "first", create);
        assertThat(created.status()).isEqualTo(201);
        Answer later = node(1).putText(once, "second");

        // when the leader dies, and the client asks again because it knows no better
        String leader = cluster.leader();
        cluster.kill(leader);
        String other = cluster.otherThan(leader);

        // then
        assertSameAnswer(other, once, create, created);
        assertThat(cluster.api(other).get(once).header("ETag")).isEqualTo(later.header("ETag"));
        Answer misused = cluster.api(other).putText(once, "another body", create);
        assertThat(misused.status()).isEqualTo(422);
        assertThat(misused.isProblem("idempotency-key-reused")).isTrue();

        // when all nodes restart from a snapshot
        cluster.restart(leader);
        for (int i = 0; i < 120; i++) {
            assertThat(node(i).putText(key("filler"), "value " + i).status()).isLessThan(300);
        }
        for (String nodeId : cluster.nodeIds()) {
            await("a snapshot on " + nodeId)
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> !cluster.files(nodeId).snapshots().isEmpty());
        }
        cluster.killAll();
        cluster.restart(cluster.nodeIds().toArray(String[]::new));

        // then
        for (String nodeId : cluster.nodeIds()) {
            assertSameAnswer(nodeId, once, create, created);
        }
        Answer value = node(2).get(once);
        assertThat(value.text()).isEqualTo("second");
        assertThat(value.header("ETag")).isEqualTo(later.header("ETag"));
    }

    /** Asks until the node can answer. */
    private static void assertSameAnswer(String nodeId, String path, String[] headers, Answer wanted)
            throws IOException {
        Answer again = await().atMost(ProcessCluster.LIMIT)
                .until(() -> cluster.api(nodeId).putText(path, "first", headers), answer -> answer.status() != 503);
        assertThat(again.status()).as("%s", again).isEqualTo(wanted.status());
        assertThat(again.header("ETag")).isEqualTo(wanted.header("ETag"));
        assertThat(again.json()).isEqualTo(wanted.json());
    }
}
