package io.groupmembership.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.HeartbeatDatagram;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.sidecar.FakeNode.Answer;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeRequest;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process of its own, with real signals and real commands. */
@Tag("slow")
class AgentProcessTest {
    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private FakeNode node;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        node.close();
    }

    private Process agent(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.groupmembership.sidecar.Main",
                "--group",
                "payments",
                "--id",
                "a",
                "--server",
                node.url()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectOutput(out().toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GM_"));
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Path out() {
        return directory.resolve("out");
    }

    private String outText() throws IOException {
        return Files.readString(out());
    }

    private String errText() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    private void awaitOut(String text) {
        await().atMost(Duration.ofSeconds(20)).until(() -> outText().contains(text));
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
    }

    @Test
    void anAgentAnswersHeartbeatsServesItsStateAndLeavesOnSigterm() throws Exception {
        node.onJoinAdmit(17, 3);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process agent = agent("--listen", "127.0.0.1:" + port);
        awaitOut("member payments/a incarnation 17 view 3 monitor node-1");
        assertThat(ackFor(17)).isTrue();
        try (HttpCall self = new HttpCall(new HostPort("127.0.0.1", port))) {
            self.send(NodeRequest.get("/v1/self"), Duration.ofSeconds(5), Duration.ofSeconds(5));
            assertThat(new String(self.bodyOfAtMost(1_000), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"incarnation\":17");
        }

        signal(agent, "TERM");

        assertThat(exitCode(agent)).isZero();
        assertThat(node.seen("DELETE")).hasSize(1);
        assertThat(outText()).endsWith("left payments/a incarnation 17\n");
        assertThat(errText()).isEmpty();
    }

    /** Pings the heartbeat address that the join has named. */
    private boolean ackFor(long incarnation) throws IOException {
        String body = node.seen("POST").getLast().body();
        int at = body.indexOf("\"heartbeatAddress\":\"") + 20;
        HostPort place = HostPort.parse(body.substring(at, body.indexOf('"', at)));
        assertThat(body).contains("\"address\":\"" + place + "\"");
        ByteBuffer ping = ByteBuffer.allocate(HeartbeatDatagram.BYTES);
        new HeartbeatDatagram(
                        HeartbeatDatagram.Type.PING,
                        1,
                        HeartbeatDatagram.memberHash("default", "payments", "a"),
                        incarnation,
                        5,
                        6,
                        7)
                .write(ping);
        try (DatagramSocket monitor = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            monitor.setSoTimeout(5_000);
            monitor.send(new DatagramPacket(
                    ping.array(), HeartbeatDatagram.BYTES, new InetSocketAddress(place.host(), place.port())));
            DatagramPacket ack = new DatagramPacket(new byte[100], 100);
            monitor.receive(ack);
            return HeartbeatDatagram.read(ByteBuffer.wrap(ack.getData(), 0, ack.getLength()))
                    .filter(datagram -> datagram.type() == HeartbeatDatagram.Type.ACK && datagram.sequence() == 5)
                    .isPresent();
        }
    }

    @Test
    void theParentOfACommandReturnsItsExitCodeAndLeaves() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent =
                agent("--", "sh", "-c", "echo child $GM_NAMESPACE $GM_GROUP $GM_MEMBER_ID $GM_INCARNATION; exit 42");

        assertThat(exitCode(agent)).isEqualTo(42);
        assertThat(outText().lines())
                .containsExactly(
                        "joining payments/a",
                        "member payments/a incarnation 17 view 3 monitor node-1",
                        "child default payments a 17",
                        "left payments/a incarnation 17");
        assertThat(node.seen("DELETE")).hasSize(1);
    }

    @Test
    void signalsArePassedOnToTheCommand() throws Exception {
        for (Map.Entry<String, Integer> signal :
                Map.of("TERM", 3, "INT", 4, "HUP", 5).entrySet()) {
            node.onJoinAdmit(17, 3);
            Process agent = agent(
                    "--",
                    "sh",
                    "-c",
                    "trap 'exit 3' TERM; trap 'exit 4' INT; trap 'exit 5' HUP; echo up; while :; do sleep 0.05; done");
            awaitOut("up\n");
            signal(agent, signal.getKey());
            assertThat(exitCode(agent)).as(signal.getKey()).isEqualTo(signal.getValue());
            assertThat(errText()).isEmpty();
        }
        assertThat(node.seen("DELETE")).hasSize(3);
    }

    @Test
    void aCommandThatASignalHasEndedIsToldByTheExitCode() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent = agent("--", "sh", "-c", "kill -KILL $$");
        assertThat(exitCode(agent)).isEqualTo(137);
    }

    @Test
    void aCommandThatCannotBeStartedLeavesAtOnce() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent = agent("--", directory.resolve("no-such-program").toString());
        assertThat(exitCode(agent)).isEqualTo(127);
        assertThat(errText()).startsWith("gm join: cannot start the command: ").hasLineCount(1);
        assertThat(node.seen("DELETE")).hasSize(1);
    }

    @Test
    void aMemberThatWasReplacedEndsItsCommandToo() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent = agent("--", "sh", "-c", "echo up; exec sleep 300");
        awaitOut("up\n");
        List<ProcessHandle> children = agent.descendants().toList();
        node.event("view", 4, FakeNode.change(4, "a", "a", 17, "replaced"));

        assertThat(exitCode(agent)).isEqualTo(3);
        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(errText()).contains("another instance has taken its place").hasLineCount(1);
    }

    @Test
    void aCommandRunsOnWhenItsMemberWasRemovedAndJoinsAgain() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent = agent("--", "sh", "-c", "echo up; trap 'exit 9' TERM; while :; do sleep 0.05; done");
        awaitOut("up\n");
        node.event("view", 3, FakeNode.change(3, "a", "a", 17, "crashed"));
        node.onJoinAdmit(18, 5);
        awaitOut("member payments/a incarnation 18");
        assertThat(outText()).containsOnlyOnce("up\n");
        signal(agent, "TERM");
        assertThat(exitCode(agent)).isEqualTo(9);
        assertThat(node.seen("DELETE"))
                .singleElement()
                .satisfies(leave -> assertThat(leave.path()).endsWith("?incarnation=18"));
    }

    @Test
    void aMemberThatAnswersForItselfIsJoinedOnceAndWithoutAnInstance() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent = agent("--heartbeat", "tcp", "--address", "127.0.0.1:7000");
        assertThat(exitCode(agent)).isZero();
        assertThat(outText()).isEqualTo("member payments/a incarnation 17 view 3 monitor node-1\n");
        assertThat(node.seen("POST"))
                .singleElement()
                .satisfies(join -> assertThat(join.body())
                        .contains("\"heartbeat\":\"tcp\"")
                        .doesNotContain("instance"));
        assertThat(node.watchesSeen()).isEmpty();
        assertThat(node.seen("DELETE")).isEmpty();
    }

    @Test
    void aRefusedJoinIsOneLineAndExitCodeOne() throws Exception {
        node.onJoin(Answer.of(400, FakeNode.problem(400, "must be lower case", "group", null)));
        Process agent = agent("--", "sh", "-c", "echo never");
        assertThat(exitCode(agent)).isEqualTo(1);
        assertThat(errText()).isEqualTo("gm join: group: must be lower case\n");
        assertThat(outText()).doesNotContain("never");
    }

    @Test
    void aSignalBeforeTheJoinEndsTheAgentAtOnce() throws Exception {
        Process agent = agent("--", "sh", "-c", "echo never");
        await().atMost(Duration.ofSeconds(20)).until(() -> !node.seen("POST").isEmpty());
        signal(agent, "TERM");
        assertThat(exitCode(agent)).isEqualTo(143);
        assertThat(outText()).doesNotContain("never");
    }

    @Test
    void badArgumentsAreOneLineAndExitCodeTwo() throws Exception {
        Process agent = agent("--listen", "nowhere");
        assertThat(exitCode(agent)).isEqualTo(2);
        assertThat(errText()).isEqualTo("gm join: --listen: must be host:port\n");
    }

    @Test
    void aPortInUseIsToldPlainly() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process agent = agent("--listen", "127.0.0.1:" + taken.getLocalPort());
            assertThat(exitCode(agent)).isEqualTo(1);
            assertThat(errText())
                    .startsWith("gm join: --listen: 127.0.0.1:" + taken.getLocalPort())
                    .hasLineCount(1);
        }
        assertThat(node.seen).isEmpty();
    }
}
