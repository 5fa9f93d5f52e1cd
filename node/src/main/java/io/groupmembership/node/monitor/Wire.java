package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the event loop sends datagrams to members with, and counts them by. It belongs to the event loop.
 *
 * @param clock nanoseconds, which go on while the machine is suspended
 * @param out is written anew for each datagram
 * @param in is read anew for each datagram that comes by a connection
 */
record Wire(
        LongSupplier clock,
        UdpSocket udp,
        TcpLines lines,
        HostResolver hosts,
        LoopMeter meter,
        MemberKeys keys,
        Datagram out,
        Datagram in,
        DatagramSeal seal) {
    Wire(LongSupplier clock, UdpSocket udp, TcpLines lines, HostResolver hosts, LoopMeter meter, MemberKeys keys) {
        this(clock, udp, lines, hosts, meter, keys, new Datagram(), new Datagram(), new DatagramSeal());
    }

    long nowNanos() {
        return clock.getAsLong();
    }

    /**
     * Seals what {@link #out} holds, and sends it.
     *
     * @return false where the socket's buffer is full. What the network refuses to carry is as good as lost
     */
    boolean sendByUdp(HeartbeatKey key, InetSocketAddress target) {
        seal.seal(out, key);
        try {
            if (udp.send(out, target)) {
                return true;
            }
            meter.unsent++;
            return false;
        } catch (IOException e) {
            meter.sendFailures++;
            return true;
        }
    }

    /** The key that a member's datagram is sealed with; null, and counted, where it is not from that member. */
    @Nullable HeartbeatKey authentic(Datagram datagram, long memberHash, KeyChoice choice) {
        HeartbeatKey key = choice.find(datagram.keyId());
        if (datagram.memberHash() != memberHash || key == null) {
            meter.strayAcks++;
            return null;
        }
        if (!seal.isAuthentic(datagram, key)) {
            meter.forged++;
            return null;
        }
        return key;
    }

    /** Seals what {@link #out} holds, and sends it; false where there is no connection. */
    boolean sendByTcp(HeartbeatKey key, TcpLine line) {
        seal.seal(out, key);
        return line.send(out);
    }
}
