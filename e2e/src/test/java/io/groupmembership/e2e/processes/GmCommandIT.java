package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.cli.local.LocalPorts;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.protocol.cluster.NodePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What people type, from the launcher to the nodes that it starts. */
@ExtendWith(Started.class)
class GmCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static int basePort;
    private static List<NodeApi> nodes = List.of();

    /** Whatever a test has left running behind {@code gm up}. */
    private record Up(Path data) implements Started.Part {
        @Override
        public void end() {
            try {
                gm("down", "--data", data.toString());
            } catch (IOException e) {
                throw new IllegalStateException("gm down failed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public String lastWords() {
            return FileTail.of(data.resolve("logs/up.log")) + "\n" + FileTail.of(data.resolve("logs/node-1.log"));
        }
    }

    private static Path data() {
        return directory.resolve("data");
    }

    @BeforeAll
    static void up() throws Exception {
        List<NodePorts> ports = LocalPorts.free(3);
        basePort = ports.getFirst().http() - 1;
        nodes = ports.stream()
                .map(node -> new NodeApi(URI.create("http://127.0.0.1:" + node.http())))
                .toList();
        Started.add(new Up(data()));

        GmRun up = upAgain();

        assertThat(up.status()).as("%s", up).isZero();
        assertThat(up.out())
                .contains(
                        "node-3 ready",
                        "ready in",
                        "http://127.0.0.1:" + ports.getFirst().http());
    }

    private static GmRun upAgain() throws IOException, InterruptedException {
        return gm(
                "up",
                "--detach",
                "--ready-timeout",
                "80s",
                "--data",
                data().toString(),
                "--base-port",
                String.valueOf(basePort));
    }

    private static Map<String, String> environment() {
        return Map.of(
                "GM_SERVER", nodes.stream().map(node -> node.base().toString()).collect(Collectors.joining(",")));
    }

    private static GmRun gm(String... arguments) throws IOException, InterruptedException {
        return GmRun.of(directory, environment(), arguments);
    }

    /** Runs a command that must succeed; what it printed. */
    private static String done(String... arguments) throws IOException, InterruptedException {
        GmRun run = gm(arguments);
        assertThat(run.status()).as("%s", run).isZero();
        return run.out();
    }

    /** Runs a command that must fail; the one line that it says. */
    private static String refused(int status, String... arguments) throws IOException, InterruptedException {
        GmRun run = gm(arguments);
        assertThat(run.status()).as("%s", run).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("error: ");
        return run.err();
    }

    private static String server(int node) {
        return nodes.get(node).base().toString();
    }

    @Test
    void keysAreWrittenReadAndComparedWithExitCodesForScripts() throws Exception {
        assertThat(done("kv", "put", "greeting", "hello")).contains("greeting: version ");
        assertThat(done("kv", "get", "greeting", "--server", server(1))).isEqualTo("hello");
        String version = done("kv", "get", "greeting", "--version").strip();
        assertThat(done("kv", "cas", "greeting", "hi", "--version", version)).contains("greeting: version ");
        assertThat(refused(4, "kv", "cas", "greeting", "late", "--version", version))
                .contains("version");
        assertThat(refused(4, "kv", "cas", "greeting", "new", "--version", "absent"))
                .contains("version");
        assertThat(done("kv", "get", "greeting", "--server", server(2))).isEqualTo("hi");
        done("kv", "delete", "greeting");
        assertThat(refused(3, "kv", "get", "greeting")).contains("does not exist");
        assertThat(refused(2, "kv", "put", "a//b", "x")).contains("a//b");
        assertThat(refused(5, "kv", "get", "x", "--server", "http://127.0.0.1:9", "--timeout", "2s"))
                .contains("no node answers");
    }

    @Test
    void aListenerIsJoinedShownWatchedAndExplained() throws Exception {
        done("policy", "plain", "--interval", "800ms", "--misses", "6");
        try (Listener stays = new Listener()) {
            Listener ends = new Listener();
            assertThat(done(
                            "join",
                            "--group",
                            "plain",
                            "--id",
                            "a",
                            "--heartbeat",
                            "tcp",
                            "--address",
                            stays.address()))
                    .startsWith("member plain/a incarnation ");
            done("join", "--group", "plain", "--id", "b", "--heartbeat", "tcp", "--address", ends.address());
            for (int node = 0; node < nodes.size(); node++) {
                assertThat(done("members", "plain", "--server", server(node)).lines())
                        .hasSize(3)
                        .anyMatch(line -> line.startsWith("a ") && line.contains(stays.address()))
                        .anyMatch(line -> line.startsWith("b "));
                assertThat(done("groups", "--server", server(node)).lines())
                        .anyMatch(line -> line.startsWith("plain "));
            }
            JsonNode shown = JSON.readTree(done("nodes", "-o", "json"));
            assertThat(shown.get("nodes"))
                    .hasSize(3)
                    .allMatch(node -> node.get("live").asBoolean());
            assertThat(done("nodes")).contains("node-1", "node-2", "node-3", "leader", "follower");
            GmRun.Running watch =
                    GmRun.start(directory, environment(), "watch", "plain", "--events", "2", "-o", "json");
            await("the watch has begun")
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> watch.outText().lines().count() == 1);

            ends.close();

            GmRun watched = watch.await();
            assertThat(watched.status()).as("%s", watched).isZero();
            JsonNode change = JSON.readTree(watched.out().lines().toList().getLast());
            assertThat(change.get("left").get(0).get("memberId").asText()).isEqualTo("b");
            assertThat(change.get("left").get(0).get("reason").asText()).isEqualTo("crashed");
            assertThat(done("explain", "plain", "b")).contains("crashed", "node-", "tcp");
            assertThat(done("members", "plain").lines()).hasSize(2);
            assertThat(done("leave", "plain", "a")).contains("left plain");
            assertThat(done("explain", "plain", "a")).contains("left");
            assertThat(refused(3, "leave", "plain", "a")).contains("a");
            assertThat(refused(3, "members", "nobody")).contains("nobody");
        }
    }

    @Test
    void anAgentStartedByGmIsAMemberAsLongAsItsCommandRuns() throws Exception {
        GmRun run = gm("join", "--group", "jobs", "--id", "j", "--", "sh", "-c", "exit 5");

        assertThat(run.status()).as("%s", run).isEqualTo(5);
        assertThat(run.out()).contains("member jobs/j incarnation ", "left jobs/j");
        assertThat(done("explain", "jobs", "j")).contains("left");
    }

    @Test
    void theClusterStopsAndComesBackWithItsState() throws Exception {
        // given
        done("kv", "put", "kept", "through it all");
        String[] status = {"status", "--data", data().toString()};
        assertThat(done(status)).contains("node-1", "node-2", "node-3", "ready", "leader");
        assertThat(refused(1, "up", "--data", data().toString())).contains("is running already", "gm down");

        // when
        assertThat(done("down", "--data", data().toString())).contains("stopped; the state is kept");

        // then
        GmRun stopped = gm(status);
        assertThat(stopped.status()).isEqualTo(5);
        assertThat(stopped.out()).contains("stopped").doesNotContain("ready");
        assertThat(done("down", "--data", data().toString())).contains("nothing is running");
        assertThat(refused(5, "kv", "get", "kept", "--timeout", "2s")).contains("no node answers");

        // when
        GmRun up = upAgain();

        // then
        assertThat(up.status()).as("%s", up).isZero();
        assertThat(done("kv", "get", "kept")).isEqualTo("through it all");
    }

    @Test
    void aPortInUseIsSaidPlainly() throws Exception {
        String line = refused(
                1, "up", "--data", directory.resolve("second").toString(), "--base-port", String.valueOf(basePort));

        assertThat(line).contains("port " + (basePort + 1), "is in use by another program", "--base-port");
    }
}
