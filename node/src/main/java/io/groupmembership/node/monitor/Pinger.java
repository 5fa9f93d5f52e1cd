package io.groupmembership.node.monitor;

import io.groupmembership.protocol.HeartbeatDatagram;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what a member's schedule decides: sends its pings by its mode's path, takes in the answers, and gathers
 * those that have become silent. It belongs to the event loop.
 */
final class Pinger implements WatchTable.Turn {
    private static final int ACKS_PER_PASS = 16_384;

    private final LongSupplier clock;
    private final UdpSocket udp;
    private final ConnectionProbes connections;
    private final HostResolver hosts;
    private final LoopMeter meter;
    private List<Watch> silent = new ArrayList<>();
    private boolean acksUnread;

    Pinger(LongSupplier clock, UdpSocket udp, ConnectionProbes connections, HostResolver hosts, LoopMeter meter) {
        this.clock = clock;
        this.udp = udp;
        this.connections = connections;
        this.hosts = hosts;
        this.meter = meter;
    }

    /** Takes away those that have become, or still are, silent since the last time. */
    List<Watch> takeSilent() {
        if (silent.isEmpty()) {
            return List.of();
        }
        List<Watch> taken = silent;
        silent = new ArrayList<>();
        return taken;
    }

    /** Reads acks, and says whether more may be there: as long as that is so, no silence is held against anyone. */
    boolean readAcks(WatchTable watches, long nowNanos) throws IOException {
        acksUnread = true;
        for (int read = 0; read < ACKS_PER_PASS; read++) {
            if (!udp.receive()) {
                acksUnread = false;
                return false;
            }
            Optional<HeartbeatDatagram> datagram = udp.received();
            if (datagram.isEmpty() || datagram.get().type() != HeartbeatDatagram.Type.ACK) {
                meter.malformed++;
            } else {
                ack(watches.get(datagram.get().incarnation()), datagram.get(), nowNanos);
            }
        }
        return true;
    }

    private void ack(@Nullable Watch watch, HeartbeatDatagram ack, long nowNanos) {
        if (watch != null && watch.isAckOfMine(ack) && watch.answered(ack.sequence(), nowNanos)) {
            meter.ack();
        } else {
            meter.strayAcks++;
        }
    }

    @Override
    public long take(Watch watch, long nowNanos) {
        HeartbeatSchedule schedule = watch.schedule;
        boolean udpPing = watch.member.mode() == HeartbeatMode.UDP;
        if (schedule.isDue(nowNanos)) {
            meter.lag(nowNanos - schedule.dueNanos());
            judge(watch, schedule.due(nowNanos, acksUnread), nowNanos);
            ping(watch, nowNanos);
        } else if (udpPing && schedule.isToBeSent()) {
            ping(watch, nowNanos);
        }
        boolean socketWasFull =
                udpPing && schedule.isToBeSent() && watch.target().isPresent();
        return socketWasFull ? nowNanos : schedule.dueNanos();
    }

    private void judge(Watch watch, HeartbeatSchedule.Verdict verdict, long nowNanos) {
        switch (verdict) {
            case CLEAR -> {}
            case EXCUSED -> meter.lateTicks++;
            case MISSED -> missed(watch, nowNanos);
            case SILENT -> {
                missed(watch, nowNanos);
                silent.add(watch);
            }
        }
    }

    private void missed(Watch watch, long nowNanos) {
        meter.misses++;
        watch.missed(nowNanos);
        hosts.refresh(watch.address.host(), nowNanos);
    }

    private void ping(Watch watch, long nowNanos) {
        connections.abandon(watch);
        Optional<InetSocketAddress> target = watch.target();
        if (target.isEmpty()) {
            pingWithoutAddress(watch, nowNanos);
        } else if (watch.member.mode() == HeartbeatMode.UDP) {
            sendPing(watch, target.get());
        } else {
            connections.request(watch);
        }
    }

    private void pingWithoutAddress(Watch watch, long nowNanos) {
        hosts.refresh(watch.address.host(), nowNanos);
        Optional<String> problem = watch.address.host().problem();
        if (problem.isPresent()) {
            // The lookup was the attempt. While the first lookup is under way the ping stays unsent, hence excused.
            watch.schedule.sent(nowNanos);
            watch.attemptFailed(problem.get());
        }
    }

    private void sendPing(Watch watch, InetSocketAddress target) {
        // Not the time at which the pass began: after a pause since then the member would have less time to answer.
        long nowNanos = clock.getAsLong();
        watch.attemptBegins();
        try {
            if (!udp.send(watch.nextPing(nowNanos), target)) {
                meter.unsent++;
                return;
            }
            meter.pingsSent++;
        } catch (IOException e) {
            meter.sendFailures++;
            watch.attemptFailed("not sent: " + e.getMessage());
        }
        watch.schedule.sent(nowNanos);
    }
}
