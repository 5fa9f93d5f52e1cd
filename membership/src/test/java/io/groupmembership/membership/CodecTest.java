package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.protocol.HeartbeatMode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What is written is read back, and bytes that nobody wrote are refused, whatever they are. */
class CodecTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any(30);
    }

    // ---- round trips

    @Property
    void anEntryIsReadAsItWasWritten(@ForAll("schedules") Schedule schedule) {
        for (Entry entry : schedule.entries()) {
            byte[] bytes = TestCluster.bytes(entry);
            Entry read = EntryCodec.decode(bytes);
            assertThat(TestCluster.bytes(read)).isEqualTo(bytes);
            assertThat(read.leader()).isEqualTo(entry.leader());
            assertThat(read.leaderMillis()).isEqualTo(entry.leaderMillis());
            assertThat(read.batch().requests()).hasSameSizeAs(entry.batch().requests());
            for (int i = 0; i < read.batch().requests().size(); i++) {
                Request request = read.batch().requests().get(i);
                if (!(request.command() instanceof Command.KvPut)) { // arrays have no equality
                    assertThat(request).isEqualTo(entry.batch().requests().get(i));
                }
            }
        }
    }

    @Property
    void resultsAreReadAsTheyWereWritten(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            List<Result> results = state.apply(schedule.entries().get(i), Schedule.index(i), EventSink.NONE);
            assertThat(ResultCodec.decode(ResultCodec.encode(results))).isEqualTo(results);
        }
    }

    @Property
    void aSpecSaysWhatWasSaid(
            @ForAll @AlphaChars @StringLength(min = 1, max = 253) String id,
            @ForAll @StringLength(max = 300) String address,
            @ForAll HeartbeatMode mode,
            @ForAll boolean agent,
            @ForAll long instanceBits,
            @ForAll boolean ownHeartbeatAddress,
            @ForAll @Size(max = 5) Map<@AlphaChars @StringLength(max = 40) String, @AlphaChars String> metadata) {
        String text = address.isEmpty()
                ? "x"
                : new String(
                        address.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.UTF_8);
        Optional<UUID> instance = agent ? Optional.of(new UUID(instanceBits, ~instanceBits)) : Optional.empty();
        String heartbeatAddress = ownHeartbeatAddress ? "10.0.0.1:1" : text;
        MemberSpec spec = MemberSpec.of(id, text, mode, heartbeatAddress, instance, metadata);
        MemberSpec read = MemberSpec.ofPacked(spec.packed());
        assertThat(read).isEqualTo(spec).hasSameHashCodeAs(spec);
        assertThat(read.memberId()).isEqualTo(id);
        assertThat(read.address()).isEqualTo(text);
        assertThat(read.mode()).isEqualTo(mode);
        assertThat(read.heartbeatAddress()).isEqualTo(heartbeatAddress);
        assertThat(read.instance()).isEqualTo(instance);
        assertThat(read.hasAgent()).isEqualTo(instance.isPresent());
        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(read.idHash()).isEqualTo(spec.idHash());
        assertThat(read.hasId(MemberSpec.idBytes(id))).isTrue();
        assertThat(read.hasId(MemberSpec.idBytes(id + "x"))).isFalse();
        assertThat(read).hasToString(id + "@" + text);
    }

    // ---- bytes that nobody wrote

    @Property(tries = 2_000)
    void randomBytesAreNoEntryNoResultsAndNoSpec(@ForAll long seed, @ForAll @Size(max = 200) byte[] bytes) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] withHead = Arrays.copyOf(EntryCodec.stamp("n", 1), 10 + 26 + bytes.length);
        withHead[10] = 1;
        for (int i = 0; i < bytes.length; i++) {
            withHead[36 - 1 + i] = random.nextInt(3) == 0 ? (byte) (1 + random.nextInt(12)) : bytes[i];
        }
        isReadOrRefused(() -> EntryCodec.decode(bytes));
        isReadOrRefused(() -> EntryCodec.decode(withHead));
        isReadOrRefused(() -> ResultCodec.decode(bytes));
        isReadOrRefused(() -> MemberSpec.ofPacked(bytes));
    }

    @Property(tries = 500)
    void aDamagedEntryIsReadAsAnotherOrRefused(@ForAll("schedules") Schedule schedule, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Entry entry = schedule.entries().get(random.nextInt(schedule.entries().size()));
        byte[] bytes = TestCluster.bytes(entry);
        for (int i = 0; i < 50; i++) {
            byte[] damaged = Damage.any(bytes, random);
            Optional<Entry> read = isReadOrRefused(() -> EntryCodec.decode(damaged));
            // what can be read can be applied: no entry may stop a node
            read.ifPresent(other -> assertThat(new MembershipState(TestCluster.ID).apply(other, 1, EventSink.NONE))
                    .hasSameSizeAs(other.batch().requests()));
        }
    }

    @Property(tries = 200)
    void damagedResultsAreReadAsOthersOrRefused(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = ResultCodec.encode(Formats.allResults());
        for (int i = 0; i < 100; i++) {
            byte[] damaged = Damage.any(bytes, random);
            isReadOrRefused(() -> ResultCodec.decode(damaged));
        }
    }

    interface Reading<T> {
        T read();
    }

    static <T> Optional<T> isReadOrRefused(Reading<T> reading) {
        try {
            return Optional.of(reading.read());
        } catch (CorruptDataException e) {
            assertThat(e.getMessage()).isNotBlank();
            return Optional.empty();
        }
    }

    @Example
    void resultsWithinResultsWithinResultsAreRefused() {
        byte[] nested = new byte[1_000_000];
        Arrays.fill(nested, (byte) 1);
        assertThatThrownBy(() -> ResultCodec.decode(nested)).isInstanceOf(CorruptDataException.class);
    }

    @Example
    void aCountThatTheBytesCannotHoldCostsNothing() {
        WireWriter out = new WireWriter(64)
                .putString("n")
                .putLong(0)
                .putByte(1)
                .putLong(1)
                .putLong(1)
                .putLong(1);
        byte[] manyTargets =
                out.putSize(1).putByte(0).putByte(3).putSize(Integer.MAX_VALUE).toByteArray();
        assertThatThrownBy(() -> EntryCodec.decode(manyTargets)).isInstanceOf(CorruptDataException.class);
        byte[] manyResults = new WireWriter(8).putSize(Integer.MAX_VALUE).toByteArray();
        assertThatThrownBy(() -> ResultCodec.decode(manyResults)).isInstanceOf(CorruptDataException.class);
    }

    /** A lease of any length must not get into the state by a damaged policy. */
    @Example
    void aPolicyOfAnIntervalThatNobodyMaySetIsRefused() {
        Request put = new Request(Optional.empty(), TestCluster.maxMembers(TestCluster.PAYMENTS, 10));
        byte[] entry = TestCluster.bytes(new Entry("n", 1, new Batch(1, 1, 1, List.of(put))));
        int interval = entry.length - 2 - Long.BYTES;
        for (long millis : new long[] {-1, GroupPolicy.MAX_INTERVAL_MILLIS + 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            byte[] damaged = entry.clone();
            java.nio.ByteBuffer.wrap(damaged).putLong(interval, millis);
            assertThatThrownBy(() -> EntryCodec.decode(damaged)).isInstanceOf(CorruptDataException.class);
        }
    }

    @Example
    void aSizeHasOneFormOnly() {
        for (byte[] other : List.of(
                new byte[] {(byte) 0x80, 0},
                new byte[] {(byte) 0x81, (byte) 0x80, 0},
                new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10},
                new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x08},
                new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0})) {
            assertThatThrownBy(() -> new WireReader(other).getSize(Integer.MAX_VALUE))
                    .isInstanceOf(CorruptDataException.class);
        }
        for (int size : new int[] {0, 1, 127, 128, 16_383, 16_384, 1 << 28, Integer.MAX_VALUE}) {
            byte[] bytes = new WireWriter(5).putSize(size).toByteArray();
            assertThat(new WireReader(bytes).getSize(Integer.MAX_VALUE)).isEqualTo(size);
        }
    }

    @Example
    void anEntryOfANewerVersionSaysSo() {
        byte[] bytes = TestCluster.bytes(Formats.entry());
        bytes[1 + "node-1".length() + 8] = 2;
        assertThatThrownBy(() -> EntryCodec.decode(bytes))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("version 2");
    }

    // ---- what could not be read is not written

    @Example
    void aBatchThatNoNodeCouldReadIsNotEncoded() {
        GroupKey group = TestCluster.PAYMENTS;
        String long5000 = "x".repeat(5_000);
        Evidence.Probe probe = new Evidence.Probe("node-1", "udp", "no answer");
        List<Command> unreadable = List.of(
                new Command.Leave(group, long5000, OptionalLong.empty()),
                new Command.Leave(new GroupKey(long5000, "g"), "a", OptionalLong.empty()),
                new Command.PutPolicy(group, new GroupPolicy(1_000, GroupPolicy.MAX_MISSES + 1, 10)),
                new Command.PutPolicy(group, new GroupPolicy(1_000, 3, 1_000_001)),
                new Command.PutPolicy(group, new GroupPolicy(GroupPolicy.MAX_INTERVAL_MILLIS + 1, 3, 10)),
                new Command.PutPolicy(group, new GroupPolicy(-1, 3, 10)),
                new Command.Revoke(group, long5000, OptionalLong.empty()),
                new Command.Withdraw(group, long5000, new UUID(1, 2)),
                new Command.Tick(Collections.nCopies(NodeTable.MAX_NODES + 1, TestCluster.beat(1, 1, 1))),
                new Command.Tick(List.of(new Command.Beat(long5000, 1, 1, 1))),
                new Command.Assign(List.of(new Command.Assignment(group, long5000, 1, 1, "n", true))),
                new Command.Assign(List.of(new Command.Assignment(group, "a", 1, 1, long5000, true))),
                new Command.Assign(List.of(new Command.Assignment(group, "a", 1, -1, "n", true))),
                new Command.KvPut("a/b", new byte[512 * 1024 + 1], new KvCondition.Always()),
                new Command.KvDelete(long5000, new KvCondition.Always()),
                new Command.NodeUp("n", "a", "u", "not hexadecimal"),
                new Command.NodeDown("n", -1),
                new Command.Recover(MembershipState.MAX_RECOVERY_EPOCH + 1, 0),
                TestCluster.joinCommand(
                        group,
                        Collections.nCopies(1_001, TestCluster.agent("a", 1)).toArray(new MemberSpec[0])));
        for (Command command : unreadable) {
            Batch batch = new Batch(1, 1, 1, List.of(new Request(Optional.empty(), command)));
            assertThatThrownBy(() -> EntryCodec.encode(batch))
                    .as("%s", command.getClass())
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(probe.result()).isEqualTo("no answer");
        assertThatThrownBy(() -> EntryCodec.stamp(long5000, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What a probe says may be the text of some exception, as long as it likes. */
    @Example
    void evidenceIsCutToWhatALogEntryHolds() {
        Evidence.Probe probe = new Evidence.Probe("node-1", "tcp", "é".repeat(1_000));
        Map<String, Long> figures = new java.util.TreeMap<>();
        for (int i = 0; i < 100; i++) {
            figures.put("figure" + i + "é".repeat(300), (long) i);
        }
        Evidence evidence = new Evidence(5, Collections.nCopies(100, probe), figures);
        Command remove =
                TestCluster.remove(new Command.Target(TestCluster.PAYMENTS, "a", 1, 1, LeaveReason.CRASHED, evidence));
        Entry entry = new Entry("n", 1, new Batch(1, 1, 1, List.of(new Request(Optional.empty(), remove))));
        Entry read = TestCluster.throughTheLog(entry);
        assertThat(read).isEqualTo(entry);
        assertThat(evidence.probes()).hasSize(Evidence.MAX_PROBES);
        assertThat(evidence.monitorHealth()).hasSize(Evidence.MAX_FIGURES);
    }

    @Example
    void aSpecThatCouldNotBeReadIsNotMade() {
        assertThatThrownBy(
                        () -> MemberSpec.of("a".repeat(3_000), "b", HeartbeatMode.UDP, "b", Optional.empty(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MemberSpec.of(
                        "a", "b", HeartbeatMode.UDP, "b", Optional.empty(), Map.of("k", "x".repeat(20_000))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
