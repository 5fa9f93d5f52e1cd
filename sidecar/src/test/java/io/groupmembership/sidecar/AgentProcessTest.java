package io.groupmembership.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.sidecar.FakeNode.Answer;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
    private final List<FakeMonitor> monitors = new ArrayList<>();
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
        monitors.forEach(FakeMonitor::close);
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
        int port = freePort();
        Process agent = member("--listen", "127.0.0.1:" + port);
        awaitOut("member payments/a incarnation 17 view 3 monitor node-1");
        assertThat(node.seen("POST").getLast().body()).contains("\"address\":\"" + node.heartbeatAddress() + "\"");
        assertThat(self(port)).contains("\"incarnation\":17").contains("\"state\":\"member\"");

        signal(agent, "TERM");

        assertThat(exitCode(agent)).isZero();
        assertThat(node.seen("DELETE")).hasSize(1);
        assertThat(outText()).endsWith("left payments/a incarnation 17\n");
        assertThat(errText()).isEmpty();
    }

    @Test
    void heartbeatsByUdpAndByTcpAndProbesComeToOnePort() throws Exception {
        int port = freePort();
        String place = "127.0.0.1:" + port;
        member("--heartbeat-address", place, "--probe-listen", place);
        awaitOut("member payments/a incarnation 17 view 3 monitor node-1");
        try (HttpCall call = new HttpCall(new HostPort("127.0.0.1", port))) {
            call.send(NodeRequest.get("/readyz"), Duration.ofSeconds(10), Duration.ofSeconds(10));
            assertThat(call.status()).isEqualTo(200);
        }
        assertThat(errText()).isEmpty();
    }

    /** From now on the member of the last join is confirmed, with a lease of this process's choice. */
    private FakeMonitor confirmed(long incarnation, int intervalMillis, int leaseMillis) throws IOException {
        HostPort place = node.heartbeatAddress();
        FakeMonitor started = new FakeMonitor(new InetSocketAddress(place.host(), place.port()))
                .watch(incarnation, intervalMillis, leaseMillis);
        monitors.add(started);
        return started;
    }

    /** An agent that has been admitted, and confirmed with a lease that no test outlives. */
    private Process member(String... arguments) throws IOException {
        node.onJoinAdmit(17, 3);
        Process agent = agent(arguments);
        awaitOut("admitted payments/a incarnation 17");
        confirmed(17, 50, 60_000);
        return agent;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static String self(int port) throws IOException {
        try (HttpCall self = new HttpCall(new HostPort("127.0.0.1", port))) {
            self.send(NodeRequest.get("/v1/self"), Duration.ofSeconds(5), Duration.ofSeconds(5));
            return new String(self.bodyOfAtMost(1_000), StandardCharsets.UTF_8);
        }
    }

    private List<String> outLines() throws IOException {
        return outText().lines().toList();
    }

    @Test
    void aProcessThatWasStoppedPastItsLeaseSaysSoFirst() throws Exception {
        node.onJoinAdmit(17, 3);
        int port = freePort();
        Process agent = agent("--listen", "127.0.0.1:" + port);
        awaitOut("admitted payments/a incarnation 17 view 3 monitor node-1");
        assertThat(self(port)).contains("\"state\":\"joining\"").contains("\"clock\":\"boottime\"");
        FakeMonitor monitor = confirmed(17, 50, 600);
        awaitOut("member payments/a incarnation 17 view 3 monitor node-1");
        assertThat(self(port)).contains("\"state\":\"member\"");

        signal(agent, "STOP");
        int before = monitor.confirmed();
        // pings pile up meanwhile, and so does the news that the member is gone
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        node.event("view", 3, FakeNode.change(3, "a", "a", 17, "crashed"));
        signal(agent, "CONT");

        awaitOut("removed payments/a");
        assertThat(monitor.confirmed()).isGreaterThanOrEqualTo(before);
        assertThat(outLines().subList(0, 4))
                .containsExactly(
                        "joining payments/a",
                        "admitted payments/a incarnation 17 view 3 monitor node-1",
                        "member payments/a incarnation 17 view 3 monitor node-1",
                        "fenced payments/a incarnation 17");
    }

    @Test
    void aFenceIsLiftedByAFreshConfirmation() throws Exception {
        node.onJoinAdmit(17, 3);
        int port = freePort();
        Process agent = agent("--listen", "127.0.0.1:" + port);
        awaitOut("admitted");
        FakeMonitor monitor = confirmed(17, 50, 1_000);
        awaitOut("member payments/a");
        monitor.pause();
        awaitOut("fenced payments/a incarnation 17\n");
        assertThat(self(port))
                .contains("\"state\":\"fenced\"")
                .contains("\"leaseRemainingMillis\":0")
                .contains("\"leader\":false");
        monitor.resume();
        awaitOut("fenced payments/a incarnation 17\nmember payments/a incarnation 17");
        assertThat(self(port)).contains("\"state\":\"member\"");
        signal(agent, "TERM");
        assertThat(exitCode(agent)).isZero();
    }

    @Test
    void aNewKeyIsFetchedByJoiningAgainAndTheLeaseGoesOn() throws Exception {
        node.onJoinAdmit(17, 3);
        agent();
        awaitOut("admitted");
        FakeMonitor monitor = confirmed(17, 50, 20_000);
        awaitOut("member payments/a");
        await().until(() -> node.watchesSeen().size() == 1);
        node.onJoin(Answer.of(200, FakeNode.joined(17, 3, FakeMonitor.key(2))));
        monitor.use(FakeMonitor.key(2));
        int before = monitor.confirmed();
        await().until(() -> monitor.confirmed() > before + 1);
        assertThat(node.seen("POST")).hasSize(2);
        assertThat(outText()).doesNotContain("fenced");
        assertThat(errText()).isEmpty();
    }

    @Test
    void aFencedCommandIsSignalledAndSignalledAgain() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent = agent(
                "--on-fence",
                "signal",
                "--",
                "sh",
                "-c",
                "trap 'echo stands back' USR1; trap 'echo goes on' CONT; trap 'exit 3' TERM; echo up;"
                        + " while :; do sleep 0.02; done");
        awaitOut("admitted");
        FakeMonitor monitor = confirmed(17, 50, 1_000);
        awaitOut("up\n");
        monitor.pause();
        awaitOut("stands back\n");
        assertThat(outText()).doesNotContain("goes on");
        monitor.resume();
        awaitOut("goes on\n");
        assertThat(outText()).containsOnlyOnce("up\n");
        signal(agent, "TERM");
        assertThat(exitCode(agent)).isEqualTo(3);
    }

    @Test
    void aFencedCommandIsEndedWhereTheOptionsSaySo() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent = agent(
                "--on-fence=stop",
                "--",
                "sh",
                "-c",
                "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.02; done");
        awaitOut("admitted");
        FakeMonitor monitor = confirmed(17, 50, 1_000);
        awaitOut("up\n");
        monitor.pause();
        assertThat(exitCode(agent)).isEqualTo(3);
        assertThat(outText()).contains("fenced payments/a incarnation 17\n").contains("bye\n");
        assertThat(errText())
                .isEqualTo("gm join: the lease of payments/a incarnation 17 has run out, and its command was ended\n");
        assertThat(node.seen("DELETE")).hasSize(1);
    }

    @Test
    void aCommandStartsWithTheFirstConfirmation() throws Exception {
        node.onJoinAdmit(17, 3);
        Process agent = agent("--", "sh", "-c", "echo up; exit 4");
        awaitOut("admitted");
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        assertThat(outText()).doesNotContain("up");
        confirmed(17, 50, 60_000);
        assertThat(exitCode(agent)).isEqualTo(4);
    }

    @Test
    void theParentOfACommandReturnsItsExitCodeAndLeaves() throws Exception {
        Process agent =
                member("--", "sh", "-c", "echo child $GM_NAMESPACE $GM_GROUP $GM_MEMBER_ID $GM_INCARNATION; exit 42");

        assertThat(exitCode(agent)).isEqualTo(42);
        assertThat(outText().lines())
                .containsExactly(
                        "joining payments/a",
                        "admitted payments/a incarnation 17 view 3 monitor node-1",
                        "member payments/a incarnation 17 view 3 monitor node-1",
                        "child default payments a 17",
                        "left payments/a incarnation 17");
        assertThat(node.seen("DELETE")).hasSize(1);
    }

    @Test
    void signalsArePassedOnToTheCommand() throws Exception {
        for (Map.Entry<String, Integer> signal :
                Map.of("TERM", 3, "INT", 4, "HUP", 5).entrySet()) {
            Process agent = member(
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
        Process agent = member("--", "sh", "-c", "kill -KILL $$");
        assertThat(exitCode(agent)).isEqualTo(137);
    }

    @Test
    void aCommandThatCannotBeStartedLeavesAtOnce() throws Exception {
        Process agent = member("--", directory.resolve("no-such-program").toString());
        assertThat(exitCode(agent)).isEqualTo(127);
        assertThat(errText()).startsWith("gm join: cannot start the command: ").hasLineCount(1);
        assertThat(node.seen("DELETE")).hasSize(1);
    }

    @Test
    void aMemberThatWasReplacedEndsItsCommandToo() throws Exception {
        Process agent = member("--", "sh", "-c", "echo up; exec sleep 300");
        awaitOut("up\n");
        List<ProcessHandle> children = agent.descendants().toList();
        node.event("view", 4, FakeNode.change(4, "a", "a", 17, "replaced"));

        assertThat(exitCode(agent)).isEqualTo(3);
        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(errText()).contains("another instance has taken its place").hasLineCount(1);
    }

    @Test
    void aCommandRunsOnWhenItsMemberWasRemovedAndJoinsAgain() throws Exception {
        Process agent = member("--", "sh", "-c", "echo up; trap 'exit 9' TERM; while :; do sleep 0.05; done");
        awaitOut("up\n");
        node.event("view", 3, FakeNode.change(3, "a", "a", 17, "crashed"));
        node.onJoinAdmit(18, 5);
        awaitOut("admitted payments/a incarnation 18");
        confirmed(18, 50, 60_000);
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
