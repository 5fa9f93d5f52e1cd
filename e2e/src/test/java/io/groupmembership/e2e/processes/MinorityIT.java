package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.cli.local.NodeLaunch;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.e2e.client.WatchStream;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The leader is cut off from the other nodes, with half of the members on its side; clients reach all of them. */
@ExtendWith(Started.class)
class MinorityIT {
    private static final int MEMBERS = 200;
    private static final int OURS = 0;
    private static final int ITS = 1;

    /** The processes of node i are of the group of users with this number + i, by which their packets are known. */
    private static final int GROUP_ID = 54_300;

    private static final Map<String, Integer> POLICY = Map.of("intervalMillis", 2_000, "misses", 3);

    @TempDir
    static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(PacketFilter.isPossible(), "iptables is wanted, and root");
        Path java = directory.resolve("java-of-a-group");
        Files.writeString(java, """
                #!/bin/sh
                for argument; do case $argument in -Dgm.node-id=node-*) number=${argument#*=node-} ;; esac; done
                exec setpriv --regid $((%d + number)) --clear-groups %s "$@"
                """.formatted(GROUP_ID, NodeLaunch.currentJava()));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        cluster = ProcessCluster.ofJava(java, directory).startAll();
    }

    @Test
    void membersThatAMinorityAloneReachesAreFencedAndThenRemovedAndTheMinoritySaysNothing() throws Exception {
        // given
        Group group = new Group(cluster, "halves").withPolicy(POLICY);
        Fleet fleet = Fleet.join(group, MEMBERS);
        long before = group.view().get("view").asLong();
        String minority = cluster.leader();
        List<String> majority = cluster.followers();
        Group ours = new Group(() -> majority.stream().map(cluster::api).toList(), group.name());
        NodeApi alone = cluster.api(minority);
        WatchStream watch = WatchStream.open(alone, group.path(), "");
        watch.awaitEvent("the view of today", event -> event.view() == before);

        // when
        List<PacketFilter> cut = cutOff(minority, majority, fleet.port(ITS));

        // then
        await("our half").atMost(ProcessCluster.LIMIT).until(() -> {
            saysNothingElseThan(before, alone.get(group.path()));
            return Group.incarnations(ours.view()).equals(fleet.at(OURS));
        });
        JsonNode after = ours.view();
        assertThat(fleet.leasesAt(ITS)).as("fenced before they were removed").isZero();
        assertThat(after.get("view").asLong() - before)
                .as("views: one or two for those whom the majority watched, as many for those whom it took over")
                .isBetween(1L, 4L);
        assertThat(alone.get(group.path()).status()).isEqualTo(503);
        assertThat(alone.post(group.members(), Group.joiner("late", "127.0.0.1:1", "tcp"))
                        .status())
                .isEqualTo(503);
        assertThat(watch.events()).allSatisfy(event -> assertThat(event.view()).isEqualTo(before));
        String reason = ours.awaitRemoval("m-1").get("reason").asText();
        assertThat(reason).isEqualTo("crashed");

        // when
        cut.forEach(PacketFilter::end);

        // then
        assertThat(group.awaitView("all nodes agree", _ -> true).get("view")).isEqualTo(after.get("view"));
        assertThat(fleet.leasesAt(OURS)).isEqualTo(MEMBERS / 2);
    }

    /** Before a new view is agreed on, the old one is the truth; a node that can't know refuses. */
    private static void saysNothingElseThan(long view, Answer answer) throws IOException {
        if (answer.status() == 200) {
            assertThat(answer.json().get("view").asLong()).isEqualTo(view);
        } else {
            assertThat(answer.status()).isEqualTo(503);
        }
    }

    private static List<PacketFilter> cutOff(String minority, List<String> majority, int memberPort)
            throws IOException, InterruptedException {
        ClusterFile.Node node = cluster.place(minority);
        List<ClusterFile.Node> others = majority.stream().map(cluster::place).toList();
        int number = Integer.parseInt(minority.substring("node-".length()));
        List<PacketFilter> cut = new ArrayList<>();
        cut.add(PacketFilter.tcpTo(List.of(node.peerPort(), node.clientPort())));
        cut.add(PacketFilter.tcpOf(
                GROUP_ID + number,
                others.stream()
                        .flatMap(other -> Stream.of(other.peerPort(), other.clientPort()))
                        .toList()));
        for (ClusterFile.Node other : others) {
            String nodePort = String.valueOf(other.udpPort());
            cut.add(PacketFilter.udp("--sport", nodePort, "--dport", String.valueOf(memberPort)));
            cut.add(PacketFilter.udp("--sport", String.valueOf(memberPort), "--dport", nodePort));
        }
        return cut;
    }
}
