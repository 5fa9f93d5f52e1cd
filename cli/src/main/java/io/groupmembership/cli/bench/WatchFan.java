package io.groupmembership.cli.bench;

import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.ServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many watchers of one group, spread over all servers, on one thread with one selector; over TLS each on a virtual thread
 * of its own. It notes when each of them has the next event.
 */
final class WatchFan implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(1);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration WITHOUT_END = Duration.ZERO;

    private final Selector selector = Selector.open();
    private final Queue<Socket> encrypted = new ConcurrentLinkedQueue<>();
    private final ByteBuffer input = ByteBuffer.allocate(64 * 1024);
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final long[] arrivalNanos;
    private volatile boolean closed;

    private WatchFan(int watchers) throws IOException {
        arrivalNanos = new long[watchers];
    }

    /** Connects the watchers; each gets the group's present view first, as one event. */
    static WatchFan open(ServerOptions.Target target, BenchGroup group, int watchers) throws IOException {
        WatchFan fan = new WatchFan(watchers);
        List<URI> servers = target.servers();
        try {
            for (int i = 0; i < watchers; i++) {
                URI server = servers.get(i % servers.size());
                byte[] request = group.watch(server).bytes();
                if (Connector.isTls(server)) {
                    fan.connect(target.connector().socket(server, CONNECT_LIMIT, WITHOUT_END), request);
                } else {
                    fan.connect(server, request);
                }
            }
        } catch (IOException e) {
            fan.close();
            throw e;
        }
        Thread.ofPlatform().daemon().name("watchers").start(fan::follow);
        return fan;
    }

    private void connect(URI server, byte[] request) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket()
                    .connect(new InetSocketAddress(server.getHost(), server.getPort()), (int) CONNECT_LIMIT.toMillis());
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new ResponseParser(new EventIds(_ -> eventArrived())));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void connect(Socket socket, byte[] request) throws IOException {
        encrypted.add(socket);
        socket.getOutputStream().write(request);
        ResponseParser parser = new ResponseParser(new EventIds(_ -> eventArrived()));
        Thread.ofVirtual().start(() -> {
            byte[] bytes = new byte[8 * 1024];
            try (socket) {
                InputStream in = socket.getInputStream();
                int count = in.read(bytes);
                while (count >= 0 && !(parser.hasHead() && parser.status() != 200)) {
                    parser.feed(bytes, 0, count);
                    count = in.read(bytes);
                }
            } catch (IOException e) {
                // it counts as broken
            }
            broken.incrementAndGet();
        });
    }

    private synchronized void eventArrived() {
        int i = arrived.get();
        if (i < arrivalNanos.length) {
            arrivalNanos[i] = System.nanoTime();
            arrived.setRelease(i + 1);
        }
    }

    private void follow() {
        try {
            while (!closed) {
                selector.select(this::read);
            }
        } catch (IOException | java.nio.channels.ClosedSelectorException e) {
            // closing ends the thread
        }
    }

    private void read(SelectionKey key) {
        try {
            ResponseParser parser = (ResponseParser) key.attachment();
            SocketChannel channel = (SocketChannel) key.channel();
            input.clear();
            int count = channel.read(input);
            if (count > 0) {
                parser.feed(input.array(), 0, count);
            }
            if (count < 0 || (parser.hasHead() && parser.status() != 200)) {
                drop(key);
            }
        } catch (IOException e) {
            drop(key);
        }
    }

    private void drop(SelectionKey key) {
        broken.incrementAndGet();
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            // it is gone already
        }
    }

    /** Watchers whose stream ended or was refused. */
    int broken() {
        return broken.get();
    }

    /** Forgets what has arrived, before the next event. */
    void expectNext() {
        arrived.set(0);
    }

    /** When each watcher got the event, in the order of arrival; shorter than the watchers where the limit came first. */
    long[] awaitAll(Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (arrived.get() < arrivalNanos.length - broken.get() && System.nanoTime() - deadlineNanos < 0) {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        return Arrays.copyOf(arrivalNanos, arrived.get());
    }

    @Override
    public void close() {
        closed = true;
        for (Socket socket : encrypted) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone already
            }
        }
        selector.wakeup();
        for (SelectionKey key : selector.keys().toArray(SelectionKey[]::new)) {
            try {
                key.channel().close();
            } catch (IOException e) {
                // it is gone already
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            // nothing more is wanted from it
        }
    }
}
