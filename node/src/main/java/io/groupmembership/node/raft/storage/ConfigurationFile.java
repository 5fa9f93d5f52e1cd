package io.groupmembership.node.raft.storage;

import io.groupmembership.node.identity.DurableFile;
import io.groupmembership.node.raft.DamagedDataException;
import io.groupmembership.node.raft.storage.ReachedFile.Reached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis's {@code raft-meta.conf}: the peers that were agreed on last, as a log entry without a checksum. Ratis goes on
 * without it where it can't be read, with the peers that the cluster was founded with: another majority.
 */
final class ConfigurationFile {
    static final String NAME = "raft-meta.conf";

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFile.class);

    private final Path file;

    ConfigurationFile(Path current) {
        this.file = current.resolve(NAME);
    }

    /** @param index that of the configuration, -1 where there is none */
    record Found(long index, long sum) {}

    /** What is there now; empty where that can't be read. */
    Optional<Found> find() throws IOException {
        return bytes().map(ConfigurationFile::found).orElse(Optional.of(new Found(-1, 0)));
    }

    private Optional<byte[]> bytes() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<Found> found(byte[] bytes) {
        try {
            LogEntryProto entry = LogEntryProto.parseFrom(bytes);
            CRC32C sum = new CRC32C();
            sum.update(bytes);
            return entry.hasConfigurationEntry()
                            && entry.getConfigurationEntry().getPeersCount() > 0
                    ? Optional.of(new Found(entry.getIndex(), sum.getValue()))
                    : Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /**
     * Compares it with what was there, and writes it anew where the log still has it.
     *
     * @param base the index up to which a snapshot has everything
     */
    void check(Reached reached, List<LogSegment> log, long base, Function<String, DamagedDataException> damaged)
            throws IOException {
        Optional<Found> now = find();
        boolean same = now.isPresent()
                && now.get().index() == reached.configurationIndex()
                && now.get().sum() == reached.configurationSum();
        if (same || isLater(now, reached, log, base)) {
            return;
        }
        Optional<byte[]> inLog = inLog(log, reached.configurationIndex())
                .filter(bytes -> found(bytes)
                        .filter(found -> found.sum() == reached.configurationSum())
                        .isPresent());
        if (inLog.isEmpty()) {
            throw damaged.apply(
                    file + " is not what this node had written, and says perhaps other peers than there are");
        }
        LOG.warn("{} was damaged, and is written anew from the log", file);
        DurableFile.replace(file, inLog.get());
    }

    /**
     * One that was written after the other was noted is in the log, or came with a snapshot: with its first part already,
     * and as the leader has it, which may be newer than what the snapshot has.
     */
    private boolean isLater(Optional<Found> now, Reached reached, List<LogSegment> log, long base) throws IOException {
        if (now.isEmpty() || now.get().index() < Math.max(0, reached.configurationIndex())) {
            return false;
        }
        long index = now.get().index();
        Optional<byte[]> inLog = inLog(log, index);
        return inLog.isPresent()
                ? Arrays.equals(inLog.get(), bytes().orElseThrow())
                : index > reached.configurationIndex() && (index <= base || index > last(log));
    }

    private static long last(List<LogSegment> log) {
        return log.isEmpty() ? -1 : log.getLast().lastIndex();
    }

    private static Optional<byte[]> inLog(List<LogSegment> log, long index) {
        return log.stream()
                .map(segment -> Optional.ofNullable(segment.configurations().get(index)))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
