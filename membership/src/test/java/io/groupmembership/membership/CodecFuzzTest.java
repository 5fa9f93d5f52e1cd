package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Any bytes from the disk or from a peer are refused with a {@link CorruptDataException}, or mean the same once they are
 * written and read again. The inputs beside this class are the golden bytes, snapshots without their checksum.
 */
class CodecFuzzTest {
    /** The checksum is made to fit: no mutation would come past it. */
    @FuzzTest
    void aSnapshotIsRefusedOrStable(byte[] body) {
        CRC32C sum = new CRC32C();
        sum.update(body);
        byte[] snapshot = ByteBuffer.allocate(body.length + Long.BYTES)
                .put(body)
                .putLong(sum.getValue())
                .array();
        Optional<MembershipState> state = CodecTest.isReadOrRefused(() -> TestCluster.restore(snapshot));
        if (state.isPresent()) {
            byte[] written = TestCluster.snapshot(state.get());
            assertThat(TestCluster.snapshot(TestCluster.restore(written))).isEqualTo(written);
        }
    }

    /** What can be read can be applied: no entry may stop a node. */
    @FuzzTest
    void anEntryIsRefusedOrStableAndApplied(byte[] bytes) {
        Optional<Entry> entry = CodecTest.isReadOrRefused(() -> EntryCodec.decode(bytes));
        if (entry.isPresent()) {
            byte[] written = TestCluster.bytes(entry.get());
            assertThat(TestCluster.bytes(EntryCodec.decode(written))).isEqualTo(written);
            List<Result> results = new MembershipState(TestCluster.ID).apply(entry.get(), 1, EventSink.NONE);
            assertThat(results).hasSameSizeAs(entry.get().batch().requests());
        }
    }

    @FuzzTest
    void resultsAreRefusedOrStable(byte[] bytes) {
        Optional<List<Result>> results = CodecTest.isReadOrRefused(() -> ResultCodec.decode(bytes));
        if (results.isPresent()) {
            assertThat(ResultCodec.decode(ResultCodec.encode(results.get()))).isEqualTo(results.get());
        }
    }
}
