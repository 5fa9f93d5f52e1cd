package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.e2e.client.WatchStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One fleet of members lives through what happens to nodes and to the network, and nobody is removed; then some of it
 * dies at one instant, then all. With {@code -Dgm.soak} it is 10,000 members at 5 s x 3, and takes an hour.
 */
@ExtendWith(Started.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetFaultsIT {
    private static final boolean SOAK = Boolean.getBoolean("gm.soak");
    private static final int MEMBERS = SOAK ? 10_000 : 1_200;
    private static final Duration INTERVAL = Duration.ofSeconds(SOAK ? 5 : 2);
    private static final int MISSES = 3;
    private static final List<Duration> PAUSES = (SOAK ? List.of(10, 30, 60) : List.of(8))
            .stream().map(Duration::ofSeconds).toList();
    private static final Duration LOSS = SOAK ? Duration.ofMinutes(30) : Duration.ofSeconds(30);

    private static final int FLOOD = 10_000;
    private static final Pattern METRIC =
            Pattern.compile("(?m)^gm_heartbeat_(?:malformed|forged|strays)_total(?:\\{[^}]*})? ([0-9.E]+)$");

    /** What a removal may take, with a margin for a machine that does other things too. */
    private static final Duration DETECTED_WITHIN =
            INTERVAL.multipliedBy(MISSES + 1).plusSeconds(10);

    @TempDir
    static Path directory;

    private static ProcessCluster cluster;
    private static Group group;
    private static Fleet fleet;

    private final List<PacketFilter> filters = new ArrayList<>();
    private long view;
    private int fencings;

    @BeforeAll
    static void start() throws Exception {
        cluster = ProcessCluster.create(directory, "-Xmx512m").startAll();
        group = new Group(cluster, "fleet")
                .withPolicy(
                        Map.of("intervalMillis", (int) INTERVAL.toMillis(), "misses", MISSES, "maxMembers", MEMBERS));
        fleet = Fleet.join(group, MEMBERS);
    }

    @AfterAll
    static void noNodeSaysThatItHasAFault() throws IOException {
        for (String nodeId : cluster.nodeIds()) {
            assertThat(Files.readString(cluster.log(nodeId))).doesNotContain(" ERROR ");
        }
    }

    @BeforeEach
    void allAreIn() {
        fleet.awaitLeases();
        view = awaitAllIn();
        fencings = fleet.fencings();
    }

    @AfterEach
    void heal() {
        filters.forEach(PacketFilter::end);
    }

    /** Returns the number of the view. */
    private static long awaitAllIn() {
        return group.awaitView(
                        "all living members", shown -> Group.incarnations(shown).equals(fleet.living()))
                .get("view")
                .asLong();
    }

    private void nobodyWasRemoved(String what) {
        assertThat(awaitAllIn()).as("no view in between").isEqualTo(view);
        System.out.println(what + ": of " + fleet.living().size() + " members 0 removed, "
                + (fleet.fencings() - fencings) + " fenced");
    }

    private void drop(String... match) throws IOException, InterruptedException {
        assumeTrue(PacketFilter.isPossible(), "iptables is wanted, and root");
        filters.add(PacketFilter.udp(match));
    }

    private static Set<String> monitoredBy(String nodeId) throws IOException, InterruptedException {
        Set<String> ids = new HashSet<>();
        for (JsonNode member : group.view().get("members")) {
            if (member.get("monitor").asText().equals(nodeId)) {
                ids.add(member.get("memberId").asText());
            }
        }
        return ids;
    }

    // ---- nodes

    @Test
    @Order(1)
    void nodesThatArePausedInTurnRemoveNobody() throws Exception {
        for (Duration pause : PAUSES) {
            for (String nodeId : cluster.nodeIds()) {
                String role = nodeId.equals(cluster.leader()) ? "the leader" : "a follower";
                cluster.pause(nodeId);
                passes(pause);
                cluster.resume(nodeId);
                nobodyWasRemoved(role + " paused for " + pause.toSeconds() + " s");
            }
        }
    }

    @Test
    @Order(2)
    void allNodesThatArePausedAtOnceRemoveNobody() throws Exception {
        for (Duration pause : PAUSES) {
            for (String nodeId : cluster.nodeIds()) {
                cluster.pause(nodeId);
            }
            passes(pause);
            for (String nodeId : cluster.nodeIds()) {
                cluster.resume(nodeId);
            }
            fleet.awaitLeases();
            nobodyWasRemoved("all nodes paused for " + pause.toSeconds() + " s");
        }
    }

    @Test
    @Order(3)
    void whoeverANodeWatchedIsTakenOverWhenItDies() throws Exception {
        String victim = cluster.followers().getFirst();
        Set<String> watched = monitoredBy(victim);
        assertThat(watched).hasSizeGreaterThan(MEMBERS / 5);
        long killedNanos = System.nanoTime();

        cluster.kill(victim);

        await("all are taken over")
                .atMost(ProcessCluster.LIMIT)
                .until(() -> fleet.allTakenOverSince(killedNanos, watched::contains));
        System.out.printf(
                "a node killed: its %d members pinged by others within %.2f s%n",
                watched.size(),
                fleet.takenOverSince(killedNanos, watched::contains).toMillis() / 1e3);
        passes(INTERVAL.multipliedBy(MISSES + 2));
        nobodyWasRemoved("a node killed");
        cluster.restart(victim);
    }

    // ---- network

    @Test
    @Order(4)
    void lossOfOneInTenEachWayRemovesNobody() throws Exception {
        for (int half = 0; half < 2; half++) {
            for (String way : List.of("--dport", "--sport")) {
                drop(
                        way,
                        String.valueOf(fleet.port(half)),
                        "-m",
                        "statistic",
                        "--mode",
                        "random",
                        "--probability",
                        "0.1");
            }
        }
        passes(LOSS);
        nobodyWasRemoved("10 % loss each way for " + LOSS.toSeconds() + " s");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Order(5)
    void whoCannotBeHeardByOneNodeAloneIsWatchedByAnother(boolean pingsAreLost) throws Exception {
        String node = cluster.followers().getFirst();
        String udpPort = udpPort(node);
        String memberPort = String.valueOf(fleet.port(1));

        drop("--sport", pingsAreLost ? udpPort : memberPort, "--dport", pingsAreLost ? memberPort : udpPort);

        await("another node watches them")
                .atMost(ProcessCluster.LIMIT)
                .until(() -> monitoredBy(node).stream().noneMatch(FleetFaultsIT::isOfTheSecondPort));
        passes(INTERVAL.multipliedBy(MISSES));
        nobodyWasRemoved((pingsAreLost ? "pings" : "acks") + " between one node and half of the members lost");
    }

    private static boolean isOfTheSecondPort(String memberId) {
        return Integer.parseInt(memberId.substring(2)) % 2 == 1;
    }

    private static String udpPort(String nodeId) throws IOException, InterruptedException {
        for (JsonNode node : cluster.apis().getFirst().get("/v1/nodes").json().get("nodes")) {
            if (node.get("nodeId").asText().equals(nodeId)) {
                String address = node.get("udp").asText();
                return address.substring(address.lastIndexOf(':') + 1);
            }
        }
        throw new AssertionError("no " + nodeId);
    }

    /** To all nodes, from one core: as much as they are to bear without anybody noticing, then all it can send. */
    @ParameterizedTest
    @ValueSource(longs = {FLOOD, Integer.MAX_VALUE})
    @Order(6)
    void aFloodOfForgedDatagramsRemovesNobody(long perSecond) throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (String nodeId : cluster.nodeIds()) {
            ports.add(Integer.valueOf(udpPort(nodeId)));
        }
        double droppedBefore = dropped();
        Flood flood = Flood.begin(ports, List.copyOf(fleet.living().values()), perSecond);
        long beginNanos = System.nanoTime();

        passes(INTERVAL.multipliedBy(MISSES + 2));

        double seconds = (System.nanoTime() - beginNanos) / 1e9;
        int answers = flood.answers();
        flood.end();
        nobodyWasRemoved(String.format(
                "a flood of %.0f datagrams a second to all nodes, of which they read %.0f",
                flood.sent() / seconds, (dropped() - droppedBefore) / seconds));
        assertThat(answers).isZero();
        assertThat(dropped() - droppedBefore).isGreaterThan(FLOOD / 4.0 * seconds);
        if (perSecond == FLOOD) {
            assertThat(fleet.fencings()).isEqualTo(fencings);
        }
    }

    /** Datagrams that the nodes read and threw away. */
    private static double dropped() throws IOException, InterruptedException {
        double dropped = 0;
        for (NodeApi node : cluster.apis()) {
            dropped += METRIC.matcher(node.get("/q/metrics").text())
                    .results()
                    .mapToDouble(found -> Double.parseDouble(found.group(1)))
                    .sum();
        }
        return dropped;
    }

    // ---- members

    @Test
    @Order(7)
    void aTenthThatDiesAtOneInstantIsOneView() throws Exception {
        dieAtOnce(MEMBERS / 10);
    }

    @Test
    @Order(8)
    void allThatDieAtOneInstantAreOneView() throws Exception {
        dieAtOnce(MEMBERS);
    }

    private void dieAtOnce(int count) throws Exception {
        WatchStream watch = WatchStream.open(cluster.apis().getFirst(), group.path(), "");
        watch.awaitEvent("the view of today", event -> event.view() == view);
        long diedNanos = System.nanoTime();
        int died = fleet.killFirst(count);

        await("they are out").atMost(DETECTED_WITHIN).until(() -> left(watch) == died);
        Duration detected = Duration.ofNanos(System.nanoTime() - diedNanos);
        long views = awaitAllIn() - view;

        System.out.printf(
                "%d of %d members killed at once, %d s x %d: all out after %.2f s, in %d views, %d living fenced%n",
                died,
                died + fleet.living().size(),
                INTERVAL.toSeconds(),
                MISSES,
                detected.toMillis() / 1e3,
                views,
                fleet.fencings() - fencings);
        assertThat(views).isBetween(1L, 2L);
    }

    private static int left(WatchStream watch) {
        return watch.events().stream()
                .filter(event -> event.type().equals("view"))
                .mapToInt(event -> event.data().get("left").size())
                .sum();
    }

    /** So long a fault lasts. */
    private static void passes(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }
}
