package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Pins the bytes of the log, of results and of snapshots: a cluster that is upgraded reads what the release before it
 * wrote. A change on purpose gets a new version number, a decoder for the old one, and golden bytes beside these.
 */
class GoldenFormatTest {
    private static String golden(String name) throws IOException {
        try (InputStream in = GoldenFormatTest.class.getResourceAsStream("/golden/" + name)) {
            assertThat(in).as(name).isNotNull();
            return in == null
                    ? ""
                    : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII).replaceAll("\\s", "");
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void anEntryHasTheBytesOfVersionOne() throws IOException {
        assertThat(hex(TestCluster.bytes(Formats.entry()))).isEqualTo(golden("entry-v1.hex"));
    }

    @Test
    void anEntryOfVersionOneIsRead() throws IOException {
        Entry entry = EntryCodec.decode(bytes(golden("entry-v1.hex")));
        assertThat(hex(TestCluster.bytes(entry))).isEqualTo(golden("entry-v1.hex"));
        assertThat(entry.batch().requests())
                .hasSameSizeAs(Formats.entry().batch().requests());
    }

    @Test
    void resultsHaveTheBytesOfVersionOne() throws IOException {
        assertThat(hex(ResultCodec.encode(Formats.results()))).isEqualTo(golden("results-v1.hex"));
        assertThat(ResultCodec.decode(bytes(golden("results-v1.hex")))).isEqualTo(Formats.results());
    }

    @Test
    void aSnapshotHasTheBytesOfVersionOne() throws IOException {
        assertThat(hex(TestCluster.snapshot(Formats.state()))).isEqualTo(golden("snapshot-v1.hex"));
    }

    @Test
    void aSnapshotOfVersionOneIsRead() throws IOException {
        MembershipState state = TestCluster.restore(bytes(golden("snapshot-v1.hex")));
        assertThat(Facts.of(state)).isEqualTo(Facts.of(Formats.state()));
        List<Result> again = state.apply(Formats.entry(), 6, EventSink.NONE);
        assertThat(again).isEqualTo(new MembershipState(TestCluster.ID).apply(Formats.entry(), 5, EventSink.NONE));
    }
}
