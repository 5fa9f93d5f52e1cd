package io.groupmembership.node.api;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.groupmembership.node.raft.OverloadedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.impl.BufferImpl;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes JSON that may be large. A few items are written at once; many are written on a thread of their own, outside
 * the heap, so that the network reads them from there, and once for all who ask for the same at the same time.
 *
 * <p>What is being sent of large bodies is bounded: a client that reads slowly holds one of them, and many such clients
 * must not take the node's memory. Beyond the bound callers get an {@link OverloadedException}.
 */
@ApplicationScoped
public class EncodedBodies {
    /** Up to so many items are written by the caller: it takes some ten microseconds. */
    static final int FEW_ITEMS = 64;

    private static final long SHARED_MILLIS = 2_000;
    private static final int BYTES_AN_ITEM = 192;
    private static final long MOST_BYTES = 512L * 1024 * 1024;

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Vertx vertx;
    private final ExecutorService encoders = Executors.newFixedThreadPool(
            2, Thread.ofPlatform().daemon().name("gm-encode-", 0).factory());
    private final ConcurrentHashMap<Object, CompletableFuture<SharedBytes>> shared = new ConcurrentHashMap<>();
    private final AtomicLong reservedBytes = new AtomicLong();
    private final long mostBytes = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 2);

    EncodedBodies(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What writes one JSON value. */
    @FunctionalInterface
    public interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    /** The JSON of a view, the same bytes for all who ask for the same view at the same time. */
    public CompletableFuture<EncodedBody> view(ViewReading reading) {
        record Key(Object group, long view, long assignmentGeneration) {}
        return encode(
                new Key(reading.view().group(), reading.view().view(), reading.assignmentGeneration()),
                reading.view().members().size(),
                json -> ViewJson.writeView(json, reading.view(), reading.monitors()));
    }

    /** The JSON of what nobody else asks for. */
    public CompletableFuture<EncodedBody> unshared(int items, Content content) {
        return encode(new Object(), items, content);
    }

    /**
     * Encodes, or hands out what another caller with an equal key has just encoded.
     *
     * @param key equal keys mean equal bytes
     * @param items about how many members the JSON has
     * @return completes with a body that the caller holds, or with an {@link OverloadedException}
     */
    public CompletableFuture<EncodedBody> encode(Object key, int items, Content content) {
        if (items <= FEW_ITEMS) {
            ByteBuf few = write(Unpooled.buffer(256 + items * BYTES_AN_ITEM), content);
            return CompletableFuture.completedFuture(
                    new EncodedBody(new SharedBytes(BufferImpl.buffer(few), EncodedBodies::nothing)));
        }
        CompletableFuture<SharedBytes> mine = new CompletableFuture<>();
        CompletableFuture<SharedBytes> earlier = shared.putIfAbsent(key, mine);
        if (earlier == null) {
            encodeApart(key, items, content, mine);
        }
        return (earlier == null ? mine : earlier)
                .thenCompose(bytes -> bytes.retain()
                        ? CompletableFuture.completedFuture(new EncodedBody(bytes))
                        : encode(key, items, content));
    }

    private static void nothing() {}

    private void encodeApart(Object key, int items, Content content, CompletableFuture<SharedBytes> result) {
        long estimate = 256L + (long) items * BYTES_AN_ITEM;
        try {
            if (reservedBytes.addAndGet(estimate) > mostBytes) {
                throw new OverloadedException("large answers are waiting for slow readers: ask again later");
            }
            encoders.execute(() -> {
                try {
                    share(key, result, encodeOutsideTheHeap(estimate, content));
                } catch (RuntimeException | Error e) {
                    giveUp(key, estimate, result, e);
                }
            });
        } catch (RuntimeException e) {
            giveUp(key, estimate, result, e);
        }
    }

    /** Until its time is over the table has a hold of its own. */
    private void share(Object key, CompletableFuture<SharedBytes> result, SharedBytes bytes) {
        vertx.setTimer(SHARED_MILLIS, timer -> {
            shared.remove(key, result);
            bytes.release();
        });
        result.complete(bytes);
    }

    private void giveUp(Object key, long estimate, CompletableFuture<SharedBytes> result, Throwable failure) {
        reservedBytes.addAndGet(-estimate);
        shared.remove(key, result);
        result.completeExceptionally(failure);
    }

    private SharedBytes encodeOutsideTheHeap(long estimate, Content content) {
        ByteBuf bytes = Unpooled.directBuffer((int) Math.min(estimate, Integer.MAX_VALUE / 2));
        try {
            write(bytes, content);
        } catch (RuntimeException | Error e) {
            bytes.release();
            throw e;
        }
        long excess = bytes.capacity() - estimate;
        reservedBytes.addAndGet(excess);
        return new SharedBytes(BufferImpl.buffer(bytes), () -> {
            bytes.release();
            reservedBytes.addAndGet(-estimate - excess);
        });
    }

    private static ByteBuf write(ByteBuf bytes, Content content) {
        try (JsonGenerator json =
                FACTORY.createGenerator((OutputStream) new ByteBufOutputStream(bytes), JsonEncoding.UTF8)) {
            content.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    /** What large bodies take up now. */
    public long reservedBytes() {
        return reservedBytes.get();
    }

    @PreDestroy
    void stop() {
        encoders.shutdownNow();
    }
}
