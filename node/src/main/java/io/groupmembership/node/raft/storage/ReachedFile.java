package io.groupmembership.node.raft.storage;

import io.groupmembership.node.identity.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How far a node had come, beside its log: {@code raft.reached}. A log that ends before that was cut off, however whole
 * the rest of it looks; the log itself can't tell.
 *
 * <p>Two places of {@value #PLACE_BYTES} bytes are written in turn, each with a CRC-32C: one that was being written when
 * the machine stopped leaves the other. They are written about once a second and never flushed: what is lost only makes
 * the check weaker.
 */
final class ReachedFile {
    static final String NAME = "raft.reached";

    private static final int PLACE_BYTES = 512;
    private static final int PLACES = 2;
    private static final long MAGIC = 0x474D524541434831L; // GMREACH1
    private static final int TEXT_BYTES = 200;

    private final Path file;

    ReachedFile(Path dataDirectory) {
        this.file = dataDirectory.resolve(NAME);
    }

    boolean exists() {
        return Files.exists(file);
    }

    Path path() {
        return file;
    }

    /** What was reached last; empty where neither place is whole. */
    Optional<Reached> read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length != PLACES * PLACE_BYTES) {
            return Optional.empty();
        }
        return newer(place(bytes, 0), place(bytes, 1));
    }

    private static Optional<Reached> newer(Optional<Reached> one, Optional<Reached> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().sequence() > other.get().sequence() ? one : other;
    }

    /** Makes the file, where there is none: it is on the disk when this returns. */
    void make(Reached first) throws IOException {
        ByteBuffer both = ByteBuffer.allocate(PLACES * PLACE_BYTES);
        both.put(bytes(first)).put(bytes(first));
        DurableFile.replace(file, both.array());
    }

    void write(Reached reached) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer place = bytes(reached);
            long at = reached.sequence() % PLACES * PLACE_BYTES;
            while (place.hasRemaining()) {
                at += channel.write(place, at);
            }
        }
    }

    private static ByteBuffer bytes(Reached reached) {
        ByteBuffer out = ByteBuffer.allocate(PLACE_BYTES)
                .putLong(MAGIC)
                .putLong(reached.sequence())
                .putLong(reached.term())
                .putLong(reached.index())
                .putLong(reached.configurationIndex())
                .putLong(reached.configurationSum());
        put(out, reached.peerId());
        put(out, reached.votedFor());
        out.position(PLACE_BYTES - Long.BYTES);
        CRC32C sum = new CRC32C();
        sum.update(out.slice(0, PLACE_BYTES - Long.BYTES));
        return out.putLong(sum.getValue()).flip();
    }

    private static void put(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > TEXT_BYTES) {
            throw new IllegalArgumentException("a peer id of " + bytes.length + " bytes");
        }
        out.putShort((short) bytes.length).put(bytes);
    }

    private static Optional<Reached> place(byte[] bytes, int number) {
        ByteBuffer in =
                ByteBuffer.wrap(bytes, number * PLACE_BYTES, PLACE_BYTES).slice();
        CRC32C sum = new CRC32C();
        sum.update(in.slice(0, PLACE_BYTES - Long.BYTES));
        if (in.getLong(PLACE_BYTES - Long.BYTES) != sum.getValue() || in.getLong() != MAGIC) {
            return Optional.empty();
        }
        return Optional.of(
                new Reached(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), text(in), text(in)));
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * What a volume surely had.
     *
     * @param sequence grows by one with each write
     * @param term the highest that the peer had taken part in
     * @param index the log up to here was agreed on and on this disk, -1 before the first entry
     * @param configurationIndex the index of the configuration in {@code raft-meta.conf}, -1 where there was none
     * @param configurationSum the CRC-32C of that file
     * @param votedFor whom it had voted for in that term, empty where for nobody
     */
    record Reached(
            long sequence,
            long term,
            long index,
            long configurationIndex,
            long configurationSum,
            String peerId,
            String votedFor) {
        static Reached nothing(String peerId) {
            return new Reached(0, 0, -1, -1, 0, peerId, "");
        }
    }
}
