package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
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
    void anEntryWithLeasesHasItsBytes() throws IOException {
        String golden = golden("entry-leases-v1.hex");
        assertThat(hex(TestCluster.bytes(Formats.entryWithLeases()))).isEqualTo(golden);
        assertThat(EntryCodec.decode(bytes(golden))).isEqualTo(Formats.entryWithLeases());
    }

    @Test
    void anEntryWithAWithdrawalHasItsBytes() throws IOException {
        String golden = golden("entry-withdrawal-v1.hex");
        assertThat(hex(TestCluster.bytes(Formats.entryWithWithdrawal()))).isEqualTo(golden);
        assertThat(EntryCodec.decode(bytes(golden))).isEqualTo(Formats.entryWithWithdrawal());
    }

    @Test
    void resultsWithLeasesHaveTheirBytes() throws IOException {
        String golden = golden("results-leases-v1.hex");
        assertThat(hex(ResultCodec.encode(Formats.resultsWithLeases()))).isEqualTo(golden);
        assertThat(ResultCodec.decode(bytes(golden))).isEqualTo(Formats.resultsWithLeases());
    }

    @Test
    void aSnapshotHasTheBytesOfVersionTwo() throws IOException {
        assertThat(hex(TestCluster.snapshot(Formats.stateWithLeases()))).isEqualTo(golden("snapshot-v2.hex"));
    }

    @Test
    void aSnapshotOfVersionTwoIsRead() throws IOException {
        MembershipState state = TestCluster.restore(bytes(golden("snapshot-v2.hex")));
        assertThat(Facts.of(state)).isEqualTo(Facts.of(Formats.stateWithLeases()));
        assertThat(state.node("node-1").orElseThrow().bootId()).isEqualTo(0x1122334455667788L);
        assertThat(state.node("node-2").orElseThrow().downIndex()).isEqualTo(6);
        Member revoked =
                state.member(new GroupKey("default", "payments"), "pod-2").orElseThrow();
        assertThat(Objects.requireNonNull(revoked.revocation()).successor()).isPresent();
        assertThat(revoked.unheardMoves()).isEqualTo(1);
        assertThat(state.apply(Formats.entryWithLeases(), 7, EventSink.NONE))
                .isEqualTo(Formats.state().apply(Formats.entryWithLeases(), 6, EventSink.NONE));
    }

    @Test
    void aSnapshotOfVersionOneIsRead() throws IOException {
        MembershipState state = TestCluster.restore(bytes(golden("snapshot-v1.hex")));
        assertThat(Facts.of(state)).isEqualTo(beforeThereWereLeases(Facts.of(Formats.state())));
        List<Result> again = state.apply(Formats.entry(), 6, EventSink.NONE);
        assertThat(again).isEqualTo(new MembershipState(TestCluster.ID).apply(Formats.entry(), 5, EventSink.NONE));
    }

    /** Members have the lease of the policy of today, nodes no past. */
    private static Facts beforeThereWereLeases(Facts facts) {
        return new Facts(
                facts.views().stream()
                        .map(view -> new GroupView(
                                view.group(),
                                view.view(),
                                view.members().stream()
                                        .map(member -> member.inHistory()
                                                .withLeaseOf(view.policy().leaseMillis()))
                                        .toList(),
                                view.policy(),
                                view.changedAtMillis()))
                        .toList(),
                facts.nodes().stream()
                        .map(node -> new NodeRecord(
                                node.slot(),
                                node.nodeId(),
                                node.address(),
                                node.udpAddress(),
                                node.hashKey(),
                                node.live(),
                                node.liveness(),
                                node.members(),
                                0,
                                -1))
                        .toList(),
                facts.history(),
                facts.removals(),
                facts.entries(),
                facts.joinCounter(),
                facts.viewFloor());
    }

    @Test
    void aSnapshotOfVersionOneIsWrittenAsOneOfVersionTwo() throws IOException {
        MembershipState state = TestCluster.restore(bytes(golden("snapshot-v1.hex")));
        assertThat(Facts.of(TestCluster.restore(TestCluster.snapshot(state)))).isEqualTo(Facts.of(state));
        assertThat(state.member(new GroupKey("default", "payments"), "db")
                        .orElseThrow()
                        .longestLeaseMillis())
                .isEqualTo(5_000);
    }
}
