package io.groupmembership.node.raft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.groupmembership.node.raft.DamagedDataException;
import io.groupmembership.node.raft.storage.ReachedFile.Reached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which configurations a node starts with that was killed right after it wrote one. */
class ConfigurationFileTest {
    private static final long NO_SNAPSHOT = -1;
    private static final byte[] AT_10 = configuration(10, "node-1", "node-2");
    private static final byte[] AT_20 = configuration(20, "node-1", "node-2", "node-3");

    @TempDir
    private Path current;

    private static byte[] configuration(long index, String... peers) {
        RaftConfigurationProto.Builder configuration = RaftConfigurationProto.newBuilder();
        for (String peer : peers) {
            configuration.addPeers(RaftPeerProto.newBuilder().setId(ByteString.copyFromUtf8(peer)));
        }
        return LogEntryProto.newBuilder()
                .setTerm(1)
                .setIndex(index)
                .setConfigurationEntry(configuration)
                .build()
                .toByteArray();
    }

    /** What was noted last, while the file had these bytes. */
    private Reached noted(byte[] bytes) throws IOException {
        Files.write(current.resolve(ConfigurationFile.NAME), bytes);
        ConfigurationFile.Found found = new ConfigurationFile(current).find().orElseThrow();
        return new Reached(1, 1, 10, found.index(), found.sum(), "node-1.a", "");
    }

    private List<LogSegment> logUpTo(long last, byte[]... configurations) {
        Map<Long, byte[]> byIndex = new TreeMap<>();
        for (byte[] configuration : configurations) {
            byIndex.put(Arrays.equals(configuration, AT_10) ? 10L : 20L, configuration);
        }
        return List.of(new LogSegment(
                current.resolve("log_inprogress_0"), 0, -1, last, 1, 100, LogSegment.Flaw.NONE, byIndex));
    }

    private void check(Reached reached, byte[] now, List<LogSegment> log, long base) throws IOException {
        Files.write(current.resolve(ConfigurationFile.NAME), now);
        new ConfigurationFile(current).check(reached, log, base, DamagedDataException::new);
    }

    @Test
    void oneThatCameAheadOfItsSnapshotIsTaken() throws IOException {
        // given a peer that nothing was noted of, and one that had another configuration
        Reached fresh = Reached.nothing("node-1.a");
        Reached old = noted(AT_10);

        // the file is written with the first part of a snapshot, and may be newer than the snapshot itself
        assertThatCode(() -> check(fresh, AT_20, List.of(), NO_SNAPSHOT)).doesNotThrowAnyException();
        assertThatCode(() -> check(fresh, AT_20, List.of(), 15)).doesNotThrowAnyException();
        assertThatCode(() -> check(old, AT_20, logUpTo(12, AT_10), NO_SNAPSHOT)).doesNotThrowAnyException();
        assertThatCode(() -> check(old, AT_20, List.of(), 25)).doesNotThrowAnyException();
    }

    @Test
    void oneThatTheLogHasOtherwiseIsDamage() throws IOException {
        Reached old = noted(AT_10);
        byte[] others = configuration(20, "node-8", "node-9");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> check(old, others, logUpTo(30, AT_20), NO_SNAPSHOT));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> check(old, others, logUpTo(30), NO_SNAPSHOT));
    }

    @Test
    void anOlderOneIsWrittenAnewFromTheLogOrRefused() throws IOException {
        Reached old = noted(AT_20);

        check(old, AT_10, logUpTo(30, AT_10, AT_20), NO_SNAPSHOT);

        assertThat(current.resolve(ConfigurationFile.NAME)).hasBinaryContent(AT_20);
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> check(old, AT_10, logUpTo(30), NO_SNAPSHOT));
    }
}
