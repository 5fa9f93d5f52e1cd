package io.groupmembership.membership;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Measures what a state costs: bytes a member on the heap, the snapshot's size and times, and how fast joins are
 * applied. Run by hand, with compact object headers; it asserts nothing.
 *
 * <p>Arguments: how many members, and how many joins there are in a request (64 requests make an entry).
 */
final class Footprint {
    private static final int REQUESTS = 64;
    private static final int MEMBERS_OF_A_GROUP = 50_000;

    private Footprint() {}

    public static void main(String[] args) throws IOException {
        int members = Integer.parseInt(args[0]);
        int joinsOfARequest = Integer.parseInt(args[1]);
        // the first runs warm up
        for (int run = 0; run < 4; run++) {
            List<byte[]> log = log(members, joinsOfARequest);
            long empty = heapBytes();
            MembershipState state = new MembershipState(TestCluster.ID);
            long started = cpuNanos();
            for (int i = 0; i < log.size(); i++) {
                List<Result> ignored = state.apply(EntryCodec.decode(log.get(i)), i, EventSink.NONE);
            }
            long applyNanos = cpuNanos() - started;
            long heap = heapBytes() - empty;

            started = cpuNanos();
            ByteArrayOutputStream out = new ByteArrayOutputStream(members * 100);
            Snapshot.write(state, out);
            long writeNanos = cpuNanos() - started;
            byte[] snapshot = out.toByteArray();

            started = cpuNanos();
            List<Result> down = state.apply(
                    new Entry(
                            "node-1",
                            1,
                            new Batch(
                                    9,
                                    1,
                                    1,
                                    List.of(new Request(Optional.empty(), new Command.NodeDown("node-2", 1))))),
                    log.size(),
                    EventSink.NONE);
            long downNanos = cpuNanos() - started;

            int before = state.memberCount();
            state = new MembershipState(TestCluster.ID);
            long emptyAgain = heapBytes();
            started = cpuNanos();
            state = Snapshot.read(new ByteArrayInputStream(snapshot), snapshot.length, TestCluster.ID);
            long readNanos = cpuNanos() - started;
            long restoredHeap = heapBytes() - emptyAgain;

            System.out.printf(
                    "%d members, %d joins a request: %.0f joins/s, %.1f bytes a member on the heap (%.1f restored),"
                            + " snapshot %.1f MB, written in %d ms, read in %d ms, a node's death %d ms (%s)%n",
                    before,
                    joinsOfARequest,
                    members * 1e9 / applyNanos,
                    (double) heap / members,
                    (double) restoredHeap / state.memberCount(),
                    snapshot.length / 1e6,
                    writeNanos / 1_000_000,
                    readNanos / 1_000_000,
                    downNanos / 1_000_000,
                    down.getFirst());
        }
    }

    /** Time of this thread on a processor: what else runs on the machine has no say. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long heapBytes() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Entries as they stand in a log: pods of replica sets, with an agent, spread over groups. */
    private static List<byte[]> log(int members, int joinsOfARequest) {
        List<byte[]> log = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        for (int node = 1; node <= 3; node++) {
            requests.add(new Request(Optional.empty(), TestCluster.nodeUp(node)));
        }
        log.add(entry(log.size(), requests));
        requests.clear();
        List<Joiner> joiners = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            joiners.add(new Joiner(spec(i), OptionalLong.empty()));
            if (joiners.size() == joinsOfARequest || i == members - 1 || (i + 1) % MEMBERS_OF_A_GROUP == 0) {
                GroupKey group = new GroupKey("production", "payments-" + i / MEMBERS_OF_A_GROUP);
                requests.add(new Request(Optional.empty(), new Command.Join(group, List.copyOf(joiners))));
                joiners.clear();
            }
            if (requests.size() == REQUESTS || i == members - 1) {
                log.add(entry(log.size(), requests));
                requests.clear();
            }
        }
        return log;
    }

    private static byte[] entry(long sequence, List<Request> requests) {
        return TestCluster.bytes(
                new Entry("node-1", 1_700_000_000_000L, new Batch(7, sequence, sequence, List.copyOf(requests))));
    }

    private static MemberSpec spec(int number) {
        String host = "10." + (number >> 16 & 0xFF) + "." + (number >> 8 & 0xFF) + "." + (number & 0xFF);
        return MemberSpec.of(
                "payments-7d9c5b8f6d-" + Long.toString(Math.floorMod(number * 2_654_435_761L, 60_466_176L), 36),
                host + ":7000",
                HeartbeatMode.UDP,
                host + ":7118",
                Optional.of(new UUID(number * 0x9E3779B97F4A7C15L, number)),
                number % 4 == 0 ? Map.of("zone", "eu-" + number % 3) : Map.of());
    }
}
