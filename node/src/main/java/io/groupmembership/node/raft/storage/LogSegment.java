package io.groupmembership.node.raft.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * A file of Ratis's log, read through: eight bytes of a header, then for each entry its length as a varint, the entry,
 * and the CRC-32C of both. A segment that entries are still added to is longer than its content, and zero behind it.
 *
 * @param start the index of the first entry, by the file's name
 * @param end the index of the last entry by the name, -1 where the segment is open
 * @param lastIndex the index of the last entry that is whole, {@code start - 1} where there is none
 * @param lastTerm the term of that entry, -1 where there is none
 * @param wholeBytes up to where the file is whole
 * @param flaw what is wrong behind that
 * @param configurations the bytes of the entries that are configurations, by index
 */
record LogSegment(
        Path file,
        long start,
        long end,
        long lastIndex,
        long lastTerm,
        long wholeBytes,
        Flaw flaw,
        Map<Long, byte[]> configurations) {
    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    private static final int SUM_BYTES = 4;

    /** What can be wrong with a segment. */
    enum Flaw {
        NONE,
        /** The last write was not finished: nothing but zeros, or the end of the file, where its end should be. */
        TORN,
        /** Anything else: what was there can't be known. */
        DAMAGED
    }

    boolean isOpen() {
        return end < 0;
    }

    /** Reads a file through; empty where its name is not that of a segment. */
    static Optional<LogSegment> read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Matcher closed = CLOSED.matcher(name);
        Matcher open = OPEN.matcher(name);
        if (closed.matches()) {
            return Optional.of(read(file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
        }
        return open.matches() ? Optional.of(read(file, Long.parseLong(open.group(1)), -1)) : Optional.empty();
    }

    private static LogSegment read(Path file, long start, long end) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            long size = channel.size();
            ByteBuffer bytes = size == 0
                    ? ByteBuffer.allocate(0)
                    : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
            Scan scan = new Scan(start, end);
            scan.run(bytes);
            Flaw flaw = scan.flaw;
            if (end >= 0 && (flaw == Flaw.TORN || scan.next <= end)) {
                flaw = Flaw.DAMAGED; // it was whole when it was closed
            }
            return new LogSegment(
                    file, start, end, scan.next - 1, scan.term, scan.whole, flaw, Map.copyOf(scan.configurations));
        }
    }

    /** Goes from entry to entry as long as they are whole. */
    private static final class Scan {
        private final long end;
        private final Map<Long, byte[]> configurations = new TreeMap<>();
        private long next;
        private long term = -1;
        private int whole;
        private Flaw flaw = Flaw.NONE;
        private boolean anyIndex;

        Scan(long start, long end) {
            this.next = start;
            this.end = end;
        }

        void run(ByteBuffer bytes) {
            if (bytes.limit() < HEADER.length || !bytes.slice(0, HEADER.length).equals(ByteBuffer.wrap(HEADER))) {
                flaw = partOfHeader(bytes) ? Flaw.TORN : Flaw.DAMAGED;
                return;
            }
            whole = HEADER.length;
            // behind the last entry of a closed segment Ratis may have left anything
            while (flaw == Flaw.NONE && whole < bytes.limit() && (end < 0 || next <= end)) {
                if (bytes.get(whole) == 0) {
                    flaw = isZero(bytes, whole, bytes.limit()) ? Flaw.NONE : Flaw.DAMAGED;
                    return;
                }
                flaw = entry(bytes);
            }
            if (flaw == Flaw.TORN && aLaterEntryIsBehind(bytes)) {
                flaw = Flaw.DAMAGED;
            }
        }

        /** What comes behind an entry was written after it, so that one had been finished. */
        private boolean aLaterEntryIsBehind(ByteBuffer bytes) {
            Scan later = new Scan(next, -1);
            for (int at = whole + 1; at < bytes.limit(); at++) {
                if (bytes.get(at) != 0 && beginsAsEntry(bytes, at)) {
                    later.whole = at;
                    later.anyIndex = true;
                    if (later.entry(bytes) == Flaw.NONE) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** Behind the length each entry has its term and its index, fields 1 and 2. */
        private static boolean beginsAsEntry(ByteBuffer bytes, int from) {
            int at = afterVarint(bytes, from);
            if (at >= bytes.limit() || bytes.get(at) != 0x08) {
                return false;
            }
            at = afterVarint(bytes, at + 1);
            return at < bytes.limit() && bytes.get(at) == 0x10;
        }

        private static int afterVarint(ByteBuffer bytes, int from) {
            int at = from;
            while (at < bytes.limit() && bytes.get(at) < 0) {
                at++;
            }
            return at + 1;
        }

        private Flaw entry(ByteBuffer bytes) {
            long length = 0;
            int at = whole;
            for (int shift = 0; ; shift += 7) {
                if (at == bytes.limit()) {
                    return Flaw.TORN;
                }
                if (shift > 28) {
                    return Flaw.DAMAGED;
                }
                byte part = bytes.get(at++);
                length |= (long) (part & 0x7F) << shift;
                if (part >= 0) {
                    break;
                }
            }
            long sumAt = at + length;
            if (sumAt + SUM_BYTES > bytes.limit()) {
                return Flaw.TORN;
            }
            int entryEnd = (int) sumAt;
            CRC32C sum = new CRC32C();
            sum.update(bytes.slice(whole, entryEnd - whole));
            if ((int) sum.getValue() != bytes.getInt(entryEnd)) {
                return isZero(bytes, entryEnd, bytes.limit()) ? Flaw.TORN : Flaw.DAMAGED;
            }
            return take(bytes.slice(at, (int) length), entryEnd + SUM_BYTES);
        }

        private Flaw take(ByteBuffer content, int entryEnd) {
            try {
                LogEntryProto entry = LogEntryProto.parseFrom(content.duplicate());
                if (anyIndex ? entry.getIndex() <= next : entry.getIndex() != next || entry.getTerm() < term) {
                    return Flaw.DAMAGED;
                }
                if (entry.hasConfigurationEntry()) {
                    byte[] copy = new byte[content.remaining()];
                    content.get(copy);
                    configurations.put(next, copy);
                }
                term = entry.getTerm();
                next++;
                whole = entryEnd;
                return Flaw.NONE;
            } catch (InvalidProtocolBufferException e) {
                return Flaw.DAMAGED;
            }
        }

        private static boolean partOfHeader(ByteBuffer bytes) {
            int same = 0;
            while (same < Math.min(HEADER.length, bytes.limit()) && bytes.get(same) == HEADER[same]) {
                same++;
            }
            return isZero(bytes, same, bytes.limit());
        }

        private static boolean isZero(ByteBuffer bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                if (bytes.get(i) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
