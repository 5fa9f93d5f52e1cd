package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.Started;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clocks that are set, and machines that were suspended, as one process sees them. */
@ExtendWith(Started.class)
class ClockIT {
    private static final Duration LONGER_THAN_A_REMOVAL = Duration.ofSeconds(5);

    @TempDir
    static Path directory;

    private static SetClocks clocks;
    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        Optional<SetClocks> made = SetClocks.make(directory);
        assumeTrue(made.isPresent(), "a C compiler is wanted");
        clocks = made.orElseThrow();
        cluster = ProcessCluster.ofJava(clocks.javaOfNodes(), directory).startAll();
    }

    private static void theViewStays(JsonNode view, Group group) {
        long number = view.get("view").asLong();
        await("the view stays")
                .during(LONGER_THAN_A_REMOVAL)
                .atMost(ProcessCluster.LIMIT)
                .until(() -> group.view().get("view").asLong() == number);
    }

    @Test
    void aTimeOfDayThatGoesBackAndForthByAnHourChangesNothing() throws Exception {
        Group group = new Group(cluster, "times").withPolicy(Group.QUICK);
        AgentProcess member =
                AgentProcess.join(directory, clocks.environment("member"), cluster.urls(), group.name(), "m");
        long incarnation = member.incarnation();
        Fleet fleet = Fleet.join(group, 100);
        JsonNode view = group.view();

        for (String name : List.of(cluster.leader(), cluster.followers().getFirst(), "member")) {
            for (Duration wrong : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ZERO)) {
                clocks.setTimeOfDay(name, wrong);
                theViewStays(view, group);
            }
        }

        assertThat(member.output()).doesNotContain("fenced");
        assertThat(fleet.fencings()).isZero();
        assertThat(member.incarnation()).isEqualTo(incarnation);
    }

    @Test
    void aMemberWhoseMachineWasSuspendedIsFencedBeforeAnythingElse() throws Exception {
        Group group = new Group(cluster, "sleepers").withPolicy(Group.QUICK);
        AgentProcess sleeper =
                AgentProcess.join(directory, clocks.environment("sleeper"), cluster.urls(), group.name(), "s");
        long incarnation = sleeper.incarnation();

        clocks.suspendFor("sleeper", Duration.ofHours(8));

        await("it is a member again")
                .atMost(ProcessCluster.LIMIT)
                .until(() -> sleeper.output()
                                .lines()
                                .filter(line -> line.startsWith("member "))
                                .count()
                        == 2);
        assertThat(sleeper.output().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactly("joining", "admitted", "member", "fenced", "member");
        assertThat(sleeper.incarnation()).isEqualTo(incarnation);
    }

    @Test
    void aNodeWhoseMachineWasSuspendedSuspectsNobody() throws Exception {
        Group group = new Group(cluster, "watched").withPolicy(Group.QUICK);
        Fleet fleet = Fleet.join(group, 100);
        JsonNode view = group.view();

        for (String node : List.of(cluster.followers().getFirst(), cluster.leader())) {
            clocks.suspendFor(node, Duration.ofHours(8));
            theViewStays(view, group);
        }

        fleet.awaitLeases();
    }
}
