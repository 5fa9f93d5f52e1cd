package io.groupmembership.sidecar;

import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.heartbeat.MemberHash;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A monitor of payments/a, over a real socket: by hand, or pinging and confirming by itself. */
public final class FakeMonitor implements AutoCloseable {
    public static final HeartbeatKey KEY = key(1);
    public static final long HASH = MemberHash.of("default", "payments", "a");
    public static final int EPOCH = 3;

    private static final int PATIENCE_MILLIS = 10_000;

    private final DatagramSocket socket;
    private final InetSocketAddress member;
    private final DatagramSeal seal = new DatagramSeal();
    private final AtomicInteger confirmed = new AtomicInteger();
    private volatile HeartbeatKey key = KEY;
    private volatile boolean pausing;
    private long sequence;

    public FakeMonitor(InetSocketAddress member) throws IOException {
        this.member = member;
        this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Of 32 bytes that no other id has. */
    public static HeartbeatKey key(int id) {
        byte[] bytes = new byte[HeartbeatKey.BYTES];
        bytes[0] = (byte) id;
        return HeartbeatKey.of(id, Base64.getEncoder().encodeToString(bytes));
    }

    /** What is sent from now on is sealed with this one. */
    public void use(HeartbeatKey newKey) {
        key = newKey;
    }

    public void ping(long incarnation) throws IOException {
        ping(incarnation, 0);
    }

    /** @param repeatMillis after how long it wants the ack again, if it has not confirmed it */
    public void ping(long incarnation, int repeatMillis) throws IOException {
        Datagram ping = new Datagram();
        ping.bePing(key.id(), HASH, incarnation, EPOCH, ++sequence, 9, repeatMillis);
        send(ping);
    }

    public void probe(long incarnation, long probeSequence) throws IOException {
        Datagram probe = new Datagram();
        probe.beProbe(key.id(), HASH, incarnation, EPOCH, probeSequence);
        send(probe);
    }

    public void confirm(Datagram ack, int leaseMillis) throws IOException {
        Datagram confirmation = new Datagram();
        confirmation.beConfirmation(
                key.id(), HASH, ack.incarnation(), EPOCH, ++sequence, 9, leaseMillis, ack.memberSentNanos());
        send(confirmation);
    }

    /** The sequence of what was sent last. */
    public long sequence() {
        return sequence;
    }

    /** Seals and sends. */
    public void send(Datagram datagram) throws IOException {
        seal.seal(datagram, key);
        byte[] bytes = new byte[Datagram.BYTES];
        datagram.toSend().get(bytes);
        send(bytes);
    }

    public void send(byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, member));
    }

    /** The next datagram that comes in, well-formed and authentic. */
    public Datagram receive() throws IOException {
        return receiveAny().orElseThrow(() -> new IOException("not authentic"));
    }

    private Optional<Datagram> receiveAny() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[200], 200);
        socket.receive(packet);
        Datagram datagram = new Datagram();
        datagram.toReceive().put(packet.getData(), 0, Math.min(packet.getLength(), Datagram.BYTES + 1));
        boolean good = datagram.isWellFormed() && seal.isAuthentic(datagram, key);
        return good ? Optional.of(datagram) : Optional.empty();
    }

    /** From now on it pings, and confirms each ack with such a lease, on a thread of its own. */
    public FakeMonitor watch(long incarnation, int intervalMillis, int leaseMillis) throws IOException {
        socket.setSoTimeout(intervalMillis);
        Thread.ofPlatform().name("fake monitor").daemon().start(() -> {
            while (!socket.isClosed()) {
                try {
                    step(incarnation, intervalMillis, leaseMillis);
                } catch (SocketTimeoutException e) {
                    // the next ping
                } catch (IOException | InterruptedException e) {
                    return;
                }
            }
        });
        return this;
    }

    private void step(long incarnation, int intervalMillis, int leaseMillis) throws IOException, InterruptedException {
        if (pausing) {
            Thread.sleep(intervalMillis);
            return;
        }
        ping(incarnation);
        Optional<Datagram> ack = receiveAny();
        if (ack.isPresent() && ack.get().type() == DatagramType.ACK) {
            confirm(ack.get(), leaseMillis);
            confirmed.incrementAndGet();
            Thread.sleep(intervalMillis);
        }
    }

    /** Neither pings nor confirms until {@link #resume}. */
    public void pause() {
        pausing = true;
    }

    public void resume() {
        pausing = false;
    }

    /** How many acks it has confirmed. */
    public int confirmed() {
        return confirmed.get();
    }

    @Override
    public void close() {
        socket.close();
    }
}
