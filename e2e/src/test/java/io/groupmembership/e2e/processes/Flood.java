package io.groupmembership.e2e.processes;

import io.groupmembership.e2e.client.Started;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody who knows everything but the keys, and sends nodes as many datagrams a second as asked: noise, too short and
 * too long, acks of living members and of nobody under a wrong seal, pings that a node itself would send.
 */
final class Flood implements Started.Part {
    private static final int BATCH = 64;
    private static final int OVERSIZED = 8_192;

    private final DatagramChannel channel;
    private final List<InetSocketAddress> targets;
    private final List<Long> incarnations;
    private final long perSecond;
    private final SplittableRandom random = new SplittableRandom(7);
    private final DatagramSeal seal = new DatagramSeal();
    private final HeartbeatKey wrongKey = HeartbeatKey.of(1, Base64.getEncoder().encodeToString(new byte[32]));
    private final Thread thread;
    private volatile boolean ended;
    private final AtomicLong sent = new AtomicLong();

    private Flood(List<Integer> ports, List<Long> incarnations, long perSecond) throws IOException {
        this.targets = ports.stream()
                .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .toList();
        this.incarnations = incarnations;
        this.perSecond = perSecond;
        this.channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        this.thread = Thread.ofPlatform().daemon().name("flood").unstarted(this::run);
    }

    /**
     * Begins.
     *
     * @param ports of nodes, each in turn
     * @param incarnations of members that live
     * @param perSecond datagrams, to all nodes together
     */
    static Flood begin(List<Integer> ports, List<Long> incarnations, long perSecond) throws IOException {
        Flood flood = Started.add(new Flood(ports, incarnations, perSecond));
        flood.thread.start();
        return flood;
    }

    private void run() {
        long beginNanos = System.nanoTime();
        List<byte[]> texts = texts();
        while (!ended) {
            long due = (System.nanoTime() - beginNanos) / 1_000 * perSecond / 1_000_000;
            if (due - sent.get() < BATCH) {
                LockSupport.parkNanos(1_000_000);
                continue;
            }
            try {
                for (int i = 0; i < BATCH; i++) {
                    byte[] text = texts.get(random.nextInt(texts.size()));
                    channel.send(ByteBuffer.wrap(text), targets.get((int) (sent.getAndIncrement() % targets.size())));
                }
            } catch (IOException e) {
                if (!ended) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** A few hundred, made before, so that sending is all that is done. */
    private List<byte[]> texts() {
        return random.ints(512, 0, 7)
                .mapToObj(kind -> switch (kind) {
                    case 0 -> noise(Datagram.BYTES);
                    case 1 -> noise(random.nextInt(Datagram.BYTES));
                    case 2 -> noise(random.nextInt(Datagram.BYTES + 1, OVERSIZED));
                    case 3 -> longer(ack(anyOf(incarnations)));
                    case 4 -> ack(random.nextLong(1L << 40, Long.MAX_VALUE));
                    case 5 -> ping(anyOf(incarnations));
                    default -> ack(anyOf(incarnations));
                })
                .toList();
    }

    private long anyOf(List<Long> numbers) {
        return numbers.get(random.nextInt(numbers.size()));
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] longer(byte[] text) {
        return Arrays.copyOf(text, text.length + 1);
    }

    private byte[] ping(long incarnation) {
        Datagram ping = new Datagram();
        ping.bePing(1, random.nextLong(), incarnation, 1, random.nextLong(1, 1_000), 1, 0);
        return sealed(ping);
    }

    private byte[] ack(long incarnation) {
        Datagram ping = new Datagram();
        Datagram ack = new Datagram();
        ping.bePing(1, random.nextLong(), incarnation, 1, random.nextLong(1, 1_000), 1, 0);
        ack.beAnswerTo(ping, Long.MAX_VALUE / 2, System.nanoTime());
        return sealed(ack);
    }

    private byte[] sealed(Datagram datagram) {
        seal.seal(datagram, wrongKey);
        byte[] text = new byte[Datagram.BYTES];
        datagram.toSend().get(text);
        return text;
    }

    long sent() {
        return sent.get();
    }

    /** How many datagrams came back. */
    int answers() throws IOException {
        int answers = 0;
        while (channel.receive(ByteBuffer.allocate(OVERSIZED)) != null) {
            answers++;
        }
        return answers;
    }

    @Override
    public void end() {
        ended = true;
        try {
            thread.join(5_000);
            channel.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String lastWords() {
        return "flood: " + sent.get() + " datagrams";
    }
}
