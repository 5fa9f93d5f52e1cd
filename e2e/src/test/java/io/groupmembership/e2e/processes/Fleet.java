package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.heartbeat.MemberHash;
import io.groupmembership.protocol.lease.Drift;
import io.groupmembership.protocol.lease.MemberHeartbeat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of members in one process, at two ports in turn. Each answers heartbeats by the rules that an agent follows,
 * and knows when its lease has run out; those that are killed all fall silent at one instant.
 */
final class Fleet implements Started.Part {
    private static final int BATCH = 1_000;
    private static final int SOCKET_BYTES = 4 * 1024 * 1024;
    private static final long SWEEP_MILLIS = 20;

    private static final class One {
        private final String memberId;
        private final long memberHash;
        private final long incarnation;
        private final HeartbeatKey key;
        private final DatagramChannel channel;
        private final MemberHeartbeat heartbeat = new MemberHeartbeat(Drift.BOUND);
        private final Datagram lastAck = new Datagram();
        private @Nullable SocketAddress monitor;
        private boolean alive = true;
        private boolean believed;
        private int epoch;
        private long epochBegunNanos;

        One(Group group, String memberId, JsonNode joined, DatagramChannel channel) {
            this.memberId = memberId;
            this.memberHash = MemberHash.of(group.namespace(), group.name(), memberId);
            this.incarnation = joined.get("incarnation").asLong();
            JsonNode heartbeatKey = joined.get("heartbeat");
            this.key = HeartbeatKey.of(
                    heartbeatKey.get("keyId").asInt(), heartbeatKey.get("key").asText());
            this.channel = channel;
            heartbeat.adopt(incarnation);
        }
    }

    private final Group group;
    private final BootClock clock = BootClock.system();
    private final Selector selector;
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final List<One> members = new ArrayList<>();
    private final Map<Long, One> byIncarnation = new HashMap<>();
    private final DatagramSeal seal = new DatagramSeal();
    private final Datagram in = new Datagram();
    private final Datagram out = new Datagram();
    private int fencings;
    private long pings;

    private Fleet(Group group) throws IOException {
        this.group = group;
        this.selector = Selector.open();
        for (int i = 0; i < 2; i++) {
            DatagramChannel channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            channels.add(channel);
        }
    }

    /** Joins as many as asked, through all nodes, and waits until each of them holds a lease. */
    static Fleet join(Group group, int count) throws IOException, InterruptedException {
        Fleet fleet = Started.add(new Fleet(group));
        Thread.ofPlatform().daemon().name("fleet").start(fleet::run);
        List<NodeApi> nodes = group.nodes().apis();
        for (int begin = 0; begin < count; begin += BATCH) {
            fleet.joinBatch(nodes.get(begin / BATCH % nodes.size()), begin, Math.min(count, begin + BATCH));
        }
        fleet.awaitLeases();
        return fleet;
    }

    private void joinBatch(NodeApi node, int begin, int end) throws IOException, InterruptedException {
        List<Map<String, Object>> joiners = new ArrayList<>();
        for (int i = begin; i < end; i++) {
            Map<String, Object> joiner = Group.joiner("m-" + i, "127.0.0.1:" + port(i % 2), "udp");
            joiner.put("instance", UUID.randomUUID().toString());
            joiners.add(joiner);
        }
        Answer answer = node.post(group.members() + ":batch", Map.of("members", joiners));
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        JsonNode results = answer.json().get("results");
        synchronized (this) {
            for (int i = begin; i < end; i++) {
                JsonNode joined = results.get(i - begin).get("member");
                One one = new One(group, "m-" + i, joined, channels.get(i % 2));
                members.add(one);
                byIncarnation.put(one.incarnation, one);
            }
        }
    }

    void awaitLeases() {
        await("all members hold a lease").atMost(ProcessCluster.LIMIT).until(() -> leases() == living().size());
    }

    // ---- what is asked of it

    /** Where every second member is, from the first or from the second on. */
    int port(int half) {
        return channels.get(half).socket().getLocalPort();
    }

    synchronized Map<String, Long> living() {
        Map<String, Long> living = new HashMap<>();
        members.stream().filter(one -> one.alive).forEach(one -> living.put(one.memberId, one.incarnation));
        return living;
    }

    private synchronized long leases() {
        long nowNanos = clock.nanos();
        return members.stream()
                .filter(one -> one.alive && one.heartbeat.isValid(nowNanos))
                .count();
    }

    /** How many of the members at a port hold a lease now. */
    synchronized long leasesAt(int half) {
        long nowNanos = clock.nanos();
        return members.stream()
                .filter(one -> one.channel.equals(channels.get(half)))
                .filter(one -> one.alive && one.heartbeat.isValid(nowNanos))
                .count();
    }

    /** The incarnations at a port, by memberId. */
    synchronized Map<String, Long> at(int half) {
        Map<String, Long> there = new HashMap<>();
        members.stream()
                .filter(one -> one.channel.equals(channels.get(half)))
                .forEach(one -> there.put(one.memberId, one.incarnation));
        return there;
    }

    /** How many times a living member's lease has run out. */
    synchronized int fencings() {
        return fencings;
    }

    synchronized long pings() {
        return pings;
    }

    /** Those of the first so many that live fall silent, all of them now. */
    synchronized int killFirst(int count) {
        List<One> dying = members.stream().filter(one -> one.alive).limit(count).toList();
        dying.forEach(one -> one.alive = false);
        return dying.size();
    }

    /** How long after an instant of {@link System#nanoTime} the last of these was first pinged by another monitor. */
    synchronized Duration takenOverSince(long nanos, Predicate<String> which) {
        return members.stream()
                .filter(one -> one.alive && which.test(one.memberId))
                .map(one -> Duration.ofNanos(one.epochBegunNanos - nanos))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    synchronized boolean allTakenOverSince(long nanos, Predicate<String> which) {
        return members.stream()
                .filter(one -> one.alive && which.test(one.memberId))
                .allMatch(one -> one.epochBegunNanos - nanos > 0);
    }

    // ---- heartbeats

    private void run() {
        long sweptNanos = System.nanoTime();
        while (selector.isOpen()) {
            try {
                selector.select(SWEEP_MILLIS);
                selector.selectedKeys().clear();
                for (DatagramChannel channel : channels) {
                    receiveAll(channel);
                }
                if (System.nanoTime() - sweptNanos >= TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS)) {
                    sweptNanos = System.nanoTime();
                    sweep();
                }
            } catch (ClosedChannelException | ClosedSelectorException e) {
                return;
            } catch (IOException e) {
                // a datagram that could not be sent is a lost one
            }
        }
    }

    private synchronized void receiveAll(DatagramChannel channel) throws IOException {
        SocketAddress from = channel.receive(in.toReceive());
        while (from != null) {
            One one = in.isWellFormed() ? byIncarnation.get(in.incarnation()) : null;
            if (one != null && one.alive && in.memberHash() == one.memberHash && seal.isAuthentic(in, one.key)) {
                take(one, from);
            }
            from = channel.receive(in.toReceive());
        }
    }

    private void take(One one, SocketAddress from) throws IOException {
        long nowNanos = clock.nanos();
        if (in.type() == DatagramType.PING) {
            pings++;
            long repeatNanos = TimeUnit.MILLISECONDS.toNanos(in.millis());
            long ack = one.heartbeat.pinged(one.incarnation, in.epoch(), in.sequence(), repeatNanos, nowNanos);
            if (ack != MemberHeartbeat.NONE) {
                out.beAnswerTo(in, ack, nowNanos);
                one.lastAck.beAgain(out, ack, nowNanos);
                one.monitor = from;
                if (one.epoch != in.epoch()) {
                    one.epoch = in.epoch();
                    one.epochBegunNanos = System.nanoTime();
                }
                send(one, from);
            }
        } else if (in.type() == DatagramType.PROBE) {
            out.beAnswerTo(in, one.heartbeat.probed(one.incarnation), nowNanos);
            send(one, from);
        } else if (in.type() == DatagramType.CONFIRMATION) {
            long grantedNanos = TimeUnit.MILLISECONDS.toNanos(in.millis());
            boolean _ = one.heartbeat.confirmed(
                    one.incarnation, in.epoch(), in.sequence(), in.memberSentNanos(), grantedNanos, nowNanos);
        }
    }

    private void send(One one, SocketAddress to) throws IOException {
        seal.seal(out, one.key);
        one.channel.send(out.toSend(), to);
    }

    private synchronized void sweep() throws IOException {
        for (One one : members) {
            if (!one.alive) {
                continue;
            }
            long nowNanos = clock.nanos();
            boolean believes = one.heartbeat.isValid(nowNanos);
            fencings += one.believed && !believes ? 1 : 0;
            one.believed = believes;
            long again = one.heartbeat.repeated(nowNanos);
            if (again != MemberHeartbeat.NONE && one.monitor != null) {
                out.beAgain(one.lastAck, again, nowNanos);
                send(one, one.monitor);
            }
        }
    }

    @Override
    public void end() {
        try {
            selector.close();
            for (DatagramChannel channel : channels) {
                channel.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String lastWords() {
        return "fleet: " + living().size() + " of " + members.size() + " live, " + leases() + " hold a lease, "
                + fencings() + " fencings, " + pings() + " pings";
    }
}
