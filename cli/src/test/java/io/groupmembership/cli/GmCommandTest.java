package io.groupmembership.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GmCommandTest {
    private static final String VIEW = """
            {"namespace":"default","group":"payments","view":3,"leader":"a","members":[
             {"memberId":"a","address":"10.1.2.3:7000","incarnation":17,"monitor":"node-1","fenced":true,
              "metadata":{"zone":"eu-1"},"later":1},
             {"memberId":"bb","address":"10.1.2.4:7000","incarnation":18,"monitor":"node-2","fenced":false,
              "metadata":{}}]}""";

    @Test
    void membersAreATableInJoinOrder() {
        try (CannedServer server = CannedServer.json(200, VIEW)) {
            // When
            GmRun run = GmRun.of(server.url(), "members", "payments", "-o", "wide");

            // Then
            assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(run.out().lines())
                    .containsExactly(
                            "MEMBER   ADDRESS         INCARNATION   MONITOR   FENCED   METADATA",
                            "a        10.1.2.3:7000   17            node-1    yes      zone=eu-1",
                            "bb       10.1.2.4:7000   18            node-2    no       -");
            assertThat(run.err().lines()).containsExactly("view 3, 2 members");
            assertThat(server.seen().getFirst().uri()).isEqualTo("/v1/namespaces/default/groups/payments");
        }
    }

    @Test
    void jsonHasEveryFieldThatTheServerSent() {
        try (CannedServer server = CannedServer.json(200, VIEW)) {
            GmRun run = GmRun.of(server.url(), "members", "payments", "-o", "json", "--stale");
            assertThat(run.out()).contains("\"later\" : 1");
            assertThat(server.seen().getFirst().uri()).endsWith("/groups/payments?consistency=stale");
        }
    }

    @Test
    void groupsAreThoseOfTheNamespaceUnlessAllAreWanted() {
        String groups = """
                {"groups":[
                 {"namespace":"default","group":"payments","view":3,"members":2,"leader":"a","changedAt":"2020-01-01T00:00:00Z"},
                 {"namespace":"other","group":"empty","view":9,"members":0,"leader":null,"changedAt":"2020-01-01T00:00:00Z"}]}""";
        try (CannedServer server = CannedServer.json(200, groups)) {
            assertThat(GmRun.of(server.url(), "groups").out().lines().map(line -> line.replaceAll(" +", " ")))
                    .first()
                    .isEqualTo("GROUP VIEW MEMBERS LEADER CHANGED");
            assertThat(GmRun.of(server.url(), "groups").out())
                    .contains("payments")
                    .doesNotContain("empty");
            assertThat(GmRun.of(server.url(), "groups", "-A").out().lines()).hasSize(3);
            assertThat(GmRun.of(server.url(), "groups", "-n", "other").out()).contains("empty   9      0         -");
        }
    }

    @ParameterizedTest
    @CsvSource({"400,1", "403,1", "404,3", "409,4", "412,4", "413,1", "500,1"})
    void aRefusalIsOneLineAndAnExitStatus(int httpStatus, int exitCode) {
        try (CannedServer server = CannedServer.problem(httpStatus, "that is not so")) {
            GmRun run = GmRun.of(server.url(), "leave", "payments", "a");
            assertThat(run.exitCode()).isEqualTo(exitCode);
            assertThat(run.err()).isEqualTo("error: that is not so\n");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void aClusterWithoutAMajorityIsUnavailable() {
        try (CannedServer server = CannedServer.problem(503, "no majority of the nodes answers")) {
            GmRun run = GmRun.of(server.url(), "groups", "--timeout", "300ms");
            assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(run.err()).isEqualTo("error: no majority of the nodes answers\n");
        }
    }

    @Test
    void whereNoNodeAnswersTheLineSaysWhatToTry() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        GmRun run = GmRun.of("127.0.0.1:" + free, "groups");
        assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.err())
                .isEqualTo("error: no node answers at http://127.0.0.1:" + free + ": is the cluster up? try: gm up\n");
    }

    @Test
    void wrongUsageIsOneLineAndNoServerIsAsked() {
        try (CannedServer server = CannedServer.json(200, VIEW)) {
            for (List<String> arguments : List.of(
                    List.of("members"),
                    List.of("members", "UPPER"),
                    List.of("members", "../etc"),
                    List.of("members", "g", "-o", "xml"),
                    List.of("groups", "--timeout", "soon"),
                    List.of("groups", "--server", "ftp://x"),
                    List.of("no-such-command"),
                    List.of("kv", "cas", "k", "v", "--version", "x"),
                    List.of("kv", "get", "a//b"),
                    List.of("up", "--nodes", "many"))) {
                GmRun run = GmRun.of(server.url(), arguments.toArray(String[]::new));
                assertThat(run.exitCode()).as("%s", arguments).isEqualTo(ExitCode.USAGE);
                assertThat(run.err().lines()).as("%s", arguments).hasSize(1);
                assertThat(run.err()).startsWith("error: ");
            }
            assertThat(server.seen()).isEmpty();
        }
    }

    @Test
    void leavingNamesTheIncarnationThatIsMeant() {
        String left = "{\"namespace\":\"default\",\"group\":\"g\",\"memberId\":\"a\",\"incarnation\":9,\"view\":4}";
        try (CannedServer server = CannedServer.json(200, left)) {
            GmRun run = GmRun.of(server.url(), "leave", "g", "a", "--incarnation", "9");
            assertThat(run.out()).isEqualTo("a (incarnation 9) left g: view 4\n");
            assertThat(server.seen().getFirst().method()).isEqualTo("DELETE");
            assertThat(server.seen().getFirst().uri())
                    .isEqualTo("/v1/namespaces/default/groups/g/members/a?incarnation=9");
        }
    }

    @Test
    void aMemberWithALeaseIsOutWhenThatHasRunOut() {
        String revoked = "{\"namespace\":\"default\",\"group\":\"g\",\"memberId\":\"a\",\"incarnation\":17}";
        try (CannedServer server = CannedServer.json(202, revoked)) {
            GmRun run = GmRun.of(server.url(), "leave", "g", "a");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out())
                    .isEqualTo("a (incarnation 17) is revoked: it will be out of g when its lease has run out\n");
            assertThat(GmRun.of(server.url(), "leave", "g", "a", "-o", "json").out())
                    .contains("\"incarnation\" : 17");
        }
    }

    @Test
    void aPolicyChangesWhereAnOptionSaysSoAndStaysElsewhere() {
        try (CannedServer server =
                CannedServer.json(200, "{\"intervalMillis\":5000,\"misses\":3,\"maxMembers\":100}")) {
            GmRun run = GmRun.of(server.url(), "policy", "g", "--interval", "1s");
            assertThat(run.exitCode()).isZero();
            assertThat(server.seen()).extracting(CannedServer.Seen::method).containsExactly("GET", "PUT");
            assertThat(server.seen().get(1).body())
                    .isEqualTo("{\"intervalMillis\":1000,\"misses\":3,\"maxMembers\":100}");
        }
    }

    @Test
    void whyAMemberIsGoneIsShownWithItsEvidence() {
        String removal = """
                {"memberId":"b","incarnation":9,"view":4,"reason":"crashed","monitor":"node-2","committedBy":"node-1",
                 "removedAt":"2026-01-01T00:00:00Z","lastAckMillisAgo":15010,
                 "probes":[{"by":"node-3","path":"udp","result":"no answer"}],"monitorHealth":{"loopLagMillis":3}}""";
        try (CannedServer server = CannedServer.json(200, removal)) {
            String out = GmRun.of(server.url(), "explain", "g", "b").out();
            assertThat(out.lines().map(line -> line.replaceAll(" +", " ")))
                    .startsWith("b is out of default/g since view 4: no answer to node-3")
                    .contains("REASON crashed", "LAST HEARD 15.0 s before", "node-3 udp - no answer");
        }
    }

    @Test
    void helpAndCompletionKnowEveryCommand() {
        String help = GmRun.of("", "--help").out();
        String completion = GmRun.of("", "completion", "bash").out();
        for (String command : List.of(
                "up",
                "down",
                "status",
                "join",
                "leave",
                "groups",
                "members",
                "watch",
                "nodes",
                "kv",
                "explain",
                "policy",
                "certs",
                "backup",
                "restore",
                "bench",
                "completion",
                "version")) {
            assertThat(help).contains("  " + command);
            assertThat(completion).contains(command);
        }
        assertThat(help).contains("Exit status").doesNotContain("train");
    }
}
