package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.sidecar.heartbeat.Caller.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The TCP side of the heartbeats' port: the same datagrams one behind the other over a connection and, where a kubelet
 * probes that port, its requests. The first bytes tell which.
 *
 * <p>Nothing is waited for: what takes no answer, is malformed or forged, or is over its limits, is closed. It belongs to
 * the thread of the heartbeats.
 */
final class TcpPort implements Closeable {
    private static final int BACKLOG = 64;
    private static final int ACCEPTED_PER_PASS = 16;
    private static final int DATAGRAMS_PER_PASS = 16;
    private static final long LOOK_AROUND_MILLIS = 500;

    private final Selector selector;
    private final ServerSocketChannel listening;
    private final MemberAnswers answers;
    private final HttpProbes probes;
    private final Set<Caller> callers = new HashSet<>();
    private @Nullable Caller monitor;
    private final Datagram in = new Datagram();
    private final Datagram out = new Datagram();

    TcpPort(Selector selector, InetSocketAddress address, MemberAnswers answers, HttpProbes probes) throws IOException {
        this.selector = selector;
        this.answers = answers;
        this.probes = probes;
        this.listening = ServerSocketChannel.open();
        try {
            listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listening.bind(address, BACKLOG);
            listening.configureBlocking(false);
            listening.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            listening.close();
            throw e;
        }
    }

    /** After how long the selector is to return in any case; 0 for never. */
    long waitMillis() {
        return callers.isEmpty() ? 0 : LOOK_AROUND_MILLIS;
    }

    /** Closes what is over, and lets others in. */
    void lookAround() throws IOException {
        long nowNanos = System.nanoTime();
        for (Caller caller : List.copyOf(callers)) {
            if (caller.isOver(nowNanos)) {
                end(caller);
            }
        }
        for (int accepted = 0; accepted < ACCEPTED_PER_PASS; accepted++) {
            SocketChannel channel = listening.accept();
            if (channel == null) {
                return;
            }
            begin(channel, nowNanos);
        }
    }

    private void begin(SocketChannel channel, long nowNanos) {
        Caller caller = new Caller(channel, nowNanos);
        makeRoom(Kind.UNKNOWN);
        callers.add(caller);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, caller);
        } catch (IOException e) {
            end(caller);
        }
    }

    private void makeRoom(Kind kind) {
        Caller.whoMakesRoom(kind, callers).ifPresent(this::end);
    }

    /** Something has come, if it is for this port. */
    void ready(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof Caller caller) {
            try {
                read(caller);
            } catch (IOException | RuntimeException e) {
                end(caller);
            }
        }
    }

    private void read(Caller caller) throws IOException {
        for (int read = 0; read < DATAGRAMS_PER_PASS && callers.contains(caller); read++) {
            int count = caller.channel.read(caller.in());
            if (count < 0) {
                end(caller);
            }
            if (count <= 0) {
                return;
            }
            recognize(caller);
            switch (caller.kind()) {
                case UNKNOWN -> {}
                case HEARTBEATS -> hear(caller);
                case REQUEST -> answer(caller);
                case ANSWERED -> caller.in().clear();
            }
        }
    }

    private void recognize(Caller caller) {
        if (caller.kind() == Kind.UNKNOWN && caller.recognized() != Kind.UNKNOWN) {
            makeRoom(caller.recognized());
            caller.become(caller.recognized(), System.nanoTime());
        }
    }

    private void hear(Caller caller) throws IOException {
        ByteBuffer bytes = caller.in();
        if (bytes.hasRemaining()) {
            return;
        }
        in.toReceive().put(bytes.flip());
        bytes.clear();
        switch (answers.receive(in, out, DatagramPath.TCP)) {
            case ANSWERED -> {
                caller.prove(System.nanoTime());
                send(caller, out);
                if (in.type() == DatagramType.PING) {
                    monitor = caller;
                }
            }
            case CONFIRMED -> caller.prove(System.nanoTime());
            case MALFORMED, FORGED -> end(caller);
            // a node may know of this member, or of its key, before the member does
            case STRANGE, UNKNOWN_KEY, STALE -> {}
        }
    }

    private void send(Caller caller, Datagram datagram) throws IOException {
        if (caller.channel.write(datagram.toSend()) < Datagram.BYTES) {
            end(caller);
        }
    }

    /** Sends an ack again, over the connection that its ping came by, if that is still there. */
    void repeat(Datagram ack) {
        Caller caller = monitor;
        if (caller != null && callers.contains(caller)) {
            try {
                send(caller, ack);
            } catch (IOException e) {
                end(caller);
            }
        }
    }

    private void answer(Caller caller) throws IOException {
        ByteBuffer bytes = caller.in();
        Optional<byte[]> answer = probes.answer(
                StandardCharsets.ISO_8859_1.decode(bytes.duplicate().flip()).toString());
        if (answer.isEmpty()) {
            if (!bytes.hasRemaining()) {
                end(caller);
            }
            return;
        }
        ByteBuffer whole = ByteBuffer.wrap(answer.get());
        if (!whole.hasRemaining() || caller.channel.write(whole) < whole.capacity()) {
            end(caller);
            return;
        }
        // to close now would reset the connection if more comes, and take the answer with it
        caller.channel.shutdownOutput();
        makeRoom(Kind.ANSWERED);
        caller.become(Kind.ANSWERED, System.nanoTime());
        bytes.clear();
    }

    private void end(Caller caller) {
        callers.remove(caller);
        try {
            caller.channel.close();
        } catch (IOException e) {
            // it is over in any case
        }
    }

    /** Ends every connection. */
    void endAll() {
        List.copyOf(callers).forEach(this::end);
    }

    /** Listens no more. From any thread. */
    @Override
    public void close() throws IOException {
        listening.close();
    }
}
