package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A damaged snapshot is refused as such, and by nothing worse: no other exception, no memory without bound, no hang. */
class DamagedSnapshotTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any(40);
    }

    private static void isRefused(byte[] snapshot) {
        assertThatThrownBy(() -> TestCluster.restore(snapshot)).isInstanceOf(CorruptDataException.class);
    }

    @Example
    void everyFlippedBitIsFound() {
        byte[] snapshot = TestCluster.snapshot(Formats.stateWithLeases());
        for (int bit = 0; bit < snapshot.length * 8; bit++) {
            isRefused(Damage.flipped(snapshot, bit));
        }
    }

    @Example
    void everyCutIsFound() {
        byte[] snapshot = TestCluster.snapshot(Formats.stateWithLeases());
        for (int length = 0; length < snapshot.length; length++) {
            isRefused(Arrays.copyOf(snapshot, length));
        }
    }

    @Example
    void everyByteThatIsMissingOrTooManyIsFound() {
        byte[] snapshot = TestCluster.snapshot(Formats.stateWithLeases());
        for (int at = 0; at < snapshot.length; at++) {
            isRefused(Damage.without(snapshot, at, 1));
            for (int inserted : new int[] {0, 1, 0x7F, 0xFF}) {
                isRefused(Damage.with(snapshot, at, (byte) inserted));
            }
        }
        isRefused(Damage.with(snapshot, snapshot.length, (byte) 0));
    }

    @Property(tries = 100)
    void damageIsFound(@ForAll("schedules") Schedule schedule, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] snapshot = TestCluster.snapshot(schedule.play(EventSink.NONE));
        for (int i = 0; i < 50; i++) {
            byte[] damaged = Damage.any(snapshot, random);
            if (!Arrays.equals(damaged, snapshot)) {
                isRefused(damaged);
            }
        }
    }

    /** Whoever makes snapshots that are wrong but add up gets an answer too, not a dead process. */
    @Property(tries = 300)
    void damageWithAMatchingChecksumIsReadOrRefused(@ForAll("schedules") Schedule schedule, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] snapshot = TestCluster.snapshot(schedule.play(EventSink.NONE));
        for (int i = 0; i < 30; i++) {
            byte[] damaged = Damage.any(snapshot, random);
            if (damaged.length > Long.BYTES) {
                byte[] signed = sign(Arrays.copyOf(damaged, damaged.length - Long.BYTES));
                CodecTest.isReadOrRefused(() -> TestCluster.restore(signed));
            }
        }
    }

    private static byte[] sign(byte[] body) {
        CRC32C sum = new CRC32C();
        sum.update(body);
        return ByteBuffer.allocate(body.length + Long.BYTES)
                .put(body)
                .putLong(sum.getValue())
                .array();
    }

    @Example
    void countsThatTheBytesCannotHoldCostNothing() {
        byte[] empty = TestCluster.snapshot(new MembershipState(TestCluster.ID));
        // the body ends with the counts of nodes, groups, changes, removals, origins, requests and entries
        int counts = empty.length - Long.BYTES - 7;
        for (int count = 0; count < 7; count++) {
            byte[] body = Arrays.copyOf(empty, counts + count);
            byte[] huge = new WireWriter(8).putSize(Integer.MAX_VALUE).toByteArray();
            byte[] crafted = Arrays.copyOf(body, body.length + huge.length + 100);
            System.arraycopy(huge, 0, crafted, body.length, huge.length);
            isRefused(sign(crafted));
        }
    }

    @Example
    void resultsNestedInASnapshotAreRefused() {
        byte[] empty = TestCluster.snapshot(new MembershipState(TestCluster.ID));
        byte[] body = Arrays.copyOf(empty, empty.length - Long.BYTES - 2 + 1_000_000);
        int at = empty.length - Long.BYTES - 2;
        body[at] = 1;
        Arrays.fill(body, at + 1, body.length, (byte) 1);
        isRefused(sign(body));
    }

    @Example
    void aSnapshotOfAnotherClusterIsRefusedAndSaysSo() {
        byte[] snapshot = TestCluster.snapshot(Formats.stateWithLeases());
        UUID other = new UUID(3, 4);
        assertThatThrownBy(() -> Snapshot.read(new ByteArrayInputStream(snapshot), snapshot.length, other))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(TestCluster.ID.toString())
                .hasMessageContaining(other.toString());
    }

    @Example
    void aFailingDiskIsNotTakenForDamage() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk");
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                throw new IOException("disk");
            }
        };
        assertThatThrownBy(() -> Snapshot.read(failing, 1_000, TestCluster.ID))
                .isInstanceOf(IOException.class)
                .hasMessage("disk");
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };
        assertThatThrownBy(() -> Snapshot.write(Formats.stateWithLeases(), full))
                .isInstanceOf(IOException.class)
                .hasMessage("full");
    }

    @Example
    void aStreamThatGivesByteByByteIsReadAsWell() throws IOException {
        byte[] snapshot = TestCluster.snapshot(Formats.stateWithLeases());
        InputStream slow = new ByteArrayInputStream(snapshot) {
            @Override
            public int read(byte[] bytes, int offset, int count) {
                return super.read(bytes, offset, Math.min(1, count));
            }
        };
        MembershipState state = Snapshot.read(slow, snapshot.length, TestCluster.ID);
        assertThat(Facts.of(state)).isEqualTo(Facts.of(Formats.stateWithLeases()));
    }

    @Example
    void valuesLargerThanTheBufferOfTheStreamAreReadAsWritten() throws IOException {
        TestCluster cluster = new TestCluster();
        byte[] value = new byte[300_000];
        new java.util.Random(5).nextBytes(value);
        cluster.apply(new Command.KvPut("ns/large", value, new KvCondition.Always()));
        cluster.apply(new Command.KvPut("ns/small", new byte[] {1}, new KvCondition.Always()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Snapshot.write(cluster.state(), out);
        cluster.restart();
        assertThat(cluster.state().kv("ns/large").orElseThrow().value()).isEqualTo(value);
        assertThat(cluster.state().kv("ns/small").orElseThrow().value()).containsExactly(1);
    }
}
