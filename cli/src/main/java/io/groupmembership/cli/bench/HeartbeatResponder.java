package io.groupmembership.cli.bench;

import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * Answers the heartbeats of all members that the load tool has made, so that none is removed while it runs: pings and
 * probes whose seal is authentic. It believes nothing, so it needs neither confirmations nor the order of pings.
 */
final class HeartbeatResponder implements AutoCloseable {
    private final DatagramChannel channel;
    private final MemberKeys keys = new MemberKeys();

    HeartbeatResponder() throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().name("heartbeats").start(this::answer);
    }

    /** Where the members' heartbeats go. */
    String address() throws IOException {
        return "127.0.0.1:" + ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** Whose heartbeats are answered: those whose keys are put in here. */
    MemberKeys keys() {
        return keys;
    }

    private void answer() {
        BootClock clock = BootClock.system();
        DatagramSeal seal = new DatagramSeal();
        Datagram asked = new Datagram();
        Datagram answer = new Datagram();
        long answers = 0;
        while (true) {
            try {
                SocketAddress node = channel.receive(asked.toReceive());
                HeartbeatKey key = keyOf(asked);
                if (node != null && key != null && seal.isAuthentic(asked, key)) {
                    answers++;
                    answer.beAnswerTo(asked, answers, clock.nanos());
                    seal.seal(answer, key);
                    channel.send(answer.toSend(), node);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // a datagram that could not be sent is a lost one
            }
        }
    }

    /** The key of the member that a ping or a probe is for; null where there is nothing to answer. */
    private @Nullable HeartbeatKey keyOf(Datagram asked) {
        if (!asked.isWellFormed() || (asked.type() != DatagramType.PING && asked.type() != DatagramType.PROBE)) {
            return null;
        }
        HeartbeatKey key = keys.find(asked.incarnation());
        return key != null && key.id() == asked.keyId() ? key : null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
