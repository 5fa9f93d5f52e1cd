package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.cli.local.LocalPorts;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.protocol.cluster.NodePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code gm up --tls}, and everything that is called over it: commands, agents, administration. */
@ExtendWith(Started.class)
class UpTlsIT {
    @TempDir
    static Path directory;

    private static int basePort;
    private static String servers = "";

    /** Whatever a test has left running behind {@code gm up}. */
    private record Up(Path data) implements Started.Part {
        @Override
        public void end() {
            try {
                GmRun.of(directory, Map.of(), "down", "--data", data.toString());
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

    private static String ca() {
        return data().resolve("tls/ca.crt").toString();
    }

    @BeforeAll
    static void up() throws Exception {
        List<NodePorts> ports = LocalPorts.free(3);
        basePort = ports.getFirst().http() - 1;
        servers = ports.stream().map(node -> "https://127.0.0.1:" + node.http()).collect(Collectors.joining(","));
        Started.add(new Up(data()));

        GmRun up = upAgain("--tls");

        assertThat(up.status()).as("%s", up).isZero();
        assertThat(up.out()).contains("node-3 ready", "export GM_CA=" + ca(), "https://127.0.0.1:" + (basePort + 1));
    }

    private static GmRun upAgain(String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("up", "--detach", "--ready-timeout", "80s"));
        arguments.addAll(List.of("--data", data().toString(), "--base-port", String.valueOf(basePort)));
        arguments.addAll(List.of(options));
        return GmRun.of(directory, Map.of(), arguments.toArray(String[]::new));
    }

    private static String done(String... arguments) throws IOException, InterruptedException {
        GmRun run = GmRun.of(directory, Map.of("GM_SERVER", servers, "GM_CA", ca()), arguments);
        assertThat(run.status()).as("%s", run).isZero();
        return run.out();
    }

    private static String refused(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        GmRun run = GmRun.of(directory, environment, arguments);
        assertThat(run.status()).as("%s", run).isEqualTo(1);
        assertThat(run.err().lines()).as("%s", run).hasSize(1);
        return run.err();
    }

    private static String[] here(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data().toString()));
        return all.toArray(String[]::new);
    }

    @Test
    void keysGroupsAndNodesAreReadAndWrittenOverTls() throws Exception {
        done("kv", "put", "greeting", "hello");

        assertThat(done("kv", "get", "greeting")).isEqualTo("hello");
        assertThat(done("nodes")).contains("node-1", "https://127.0.0.1:");
        done("groups");
    }

    @Test
    void anAgentJoinsOverTlsAndAWatchSeesIt() throws Exception {
        GmRun.Running watch = GmRun.start(
                directory, Map.of("GM_SERVER", servers, "GM_CA", ca()), "watch", "--events", "40", "-o", "json");

        AgentProcess agent = AgentProcess.join(directory, Map.of("GM_CA", ca()), servers, "encrypted", "a");

        assertThat(agent.incarnation()).isPositive();
        assertThat(done("members", "encrypted")).contains("a ");
        await().atMost(ProcessCluster.LIMIT).until(() -> watch.outText().contains("\"encrypted\""));
        watch.end();
        agent.terminate();
        assertThat(agent.exitStatus()).isZero();
        await().atMost(ProcessCluster.LIMIT)
                .until(() -> !GmRun.of(
                                directory,
                                Map.of("GM_SERVER", servers, "GM_CA", ca()),
                                "members",
                                "encrypted",
                                "-o",
                                "json")
                        .out()
                        .contains("\"a\""));
    }

    @Test
    void whoTrustsAnotherCaOrSpeaksNoTlsGetsNothing() throws Exception {
        Path other = directory.resolve("other");
        done("certs", "init", "--nodes", "0", "--directory", other.toString());

        assertThat(refused(
                        Map.of(
                                "GM_SERVER",
                                servers,
                                "GM_CA",
                                other.resolve("ca.crt").toString()),
                        "groups"))
                .contains("none of the CAs in");
        assertThat(refused(Map.of("GM_SERVER", servers.replace("https://", "http://")), "groups"))
                .contains("https://");
        AgentProcess agent = AgentProcess.join(
                directory, Map.of("GM_CA", other.resolve("ca.crt").toString()), servers, "encrypted", "stranger");
        await().atMost(ProcessCluster.LIMIT).until(() -> agent.output().contains("none of the CAs in"));
        agent.kill();
    }

    @Test
    void administrationTakesTheCertificateOfTheDirectoryAndNothingLess() throws Exception {
        String admin = "127.0.0.1:" + NodePorts.ofBase(basePort + 1).admin();

        assertThat(done(here("status"))).contains("ready", "https://");
        done(here("nodes", "transfer", "node-2"));
        done(here("backup", directory.resolve("state.backup").toString()));
        GmRun nobody = GmRun.of(
                directory,
                Map.of("GM_CA", ca()),
                "backup",
                directory.resolve("stolen.backup").toString(),
                "--admin",
                admin);

        assertThat(nobody.status()).as("%s", nobody).isNotZero();
        assertThat(directory.resolve("stolen.backup")).doesNotExist();
    }

    @Test
    void aNodeThatIsAddedGetsItsCertificateAndGoesAgain() throws Exception {
        done(here("nodes", "add", "node-4"));

        assertThat(data().resolve("tls/node-4/tls.key")).exists();
        assertThat(done("nodes")).contains("node-4");

        done(here("nodes", "remove", "node-4"));
    }

    @Test
    void aClusterThatWasStartedWithTlsKeepsIt() throws Exception {
        done("kv", "put", "kept", "yes");
        String authority = Files.readString(Path.of(ca()));
        done(here("down"));

        GmRun up = upAgain();

        assertThat(up.status()).as("%s", up).isZero();
        assertThat(Files.readString(Path.of(ca()))).isEqualTo(authority);
        assertThat(done("kv", "get", "kept")).isEqualTo("yes");
    }
}
