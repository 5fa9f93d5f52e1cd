package io.groupmembership.membership;

import io.groupmembership.protocol.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The whole state as bytes, for a snapshot on disk or on the way to another node. Equal states have equal bytes.
 *
 * <pre>
 * "GMSNAP" (6 bytes), version 2 (2 bytes)
 * body: identity and counters, nodes, groups with members, history, removals, results, key-value entries
 * CRC-32C of all before it (8 bytes)
 * </pre>
 *
 * The decoder takes nothing on trust: another version, a cut or flipped byte, or a byte too many is a
 * {@link CorruptDataException}, and no state.
 */
public final class Snapshot {
    private static final byte[] MAGIC = {'G', 'M', 'S', 'N', 'A', 'P', 0};
    private static final int VERSION = 2;

    /** Before there were leases. */
    private static final int FIRST_VERSION = 1;

    private static final int TEXT_BYTES = 4_096;
    private static final int ANY_COUNT = Integer.MAX_VALUE;

    private Snapshot() {}

    /** Writes the state; does not close the stream. */
    public static void write(MembershipState state, OutputStream stream) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
        try {
            WireWriter out = new WireWriter(checked);
            out.putRaw(MAGIC, 0, MAGIC.length);
            out.putByte(VERSION);
            writeBody(out, state);
            out.flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        stream.write(ByteBuffer.allocate(Long.BYTES)
                .putLong(checked.getChecksum().getValue())
                .array());
        stream.flush();
    }

    /**
     * Reads a state; does not close the stream.
     *
     * @param clusterId the cluster that it must be of
     * @param length how many bytes the snapshot has
     * @throws CorruptDataException where the bytes are damaged, of another version or of another cluster
     */
    public static MembershipState read(InputStream stream, long length, UUID clusterId) throws IOException {
        return read(stream, length, clusterId, MembershipState.Rules.USUAL);
    }

    static MembershipState read(InputStream stream, long length, UUID clusterId, MembershipState.Rules rules)
            throws IOException {
        if (length < MAGIC.length + 1 + Long.BYTES) {
            throw new CorruptDataException("a snapshot of " + length + " bytes is cut off");
        }
        InputStream body = new BoundedStream(stream, length - Long.BYTES);
        CheckedInputStream checked = new CheckedInputStream(body, new CRC32C());
        MembershipState state;
        try {
            WireReader in = new WireReader(checked);
            for (byte expected : MAGIC) {
                if (in.getByte() != expected) {
                    throw new CorruptDataException("no snapshot: wrong magic number");
                }
            }
            int version = in.getByte();
            refuseOtherVersion(version);
            state = readBody(in, clusterId, version >= VERSION, rules);
            if (!in.atEnd()) {
                throw new CorruptDataException("bytes behind the snapshot");
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CorruptDataException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CorruptDataException("damaged snapshot: " + e, e);
        }
        byte[] sum = stream.readNBytes(Long.BYTES);
        if (sum.length < Long.BYTES
                || ByteBuffer.wrap(sum).getLong() != checked.getChecksum().getValue()) {
            throw new CorruptDataException("the snapshot's checksum does not match: it is damaged");
        }
        return state;
    }

    /**
     * Checks that a snapshot is whole and of a version that this node reads, without making a state of it.
     *
     * @param length how many bytes it has
     * @return the cluster that it is of
     * @throws CorruptDataException where it is not
     */
    public static UUID verify(InputStream stream, long length) throws IOException {
        if (length < MAGIC.length + 1 + 3 * Long.BYTES) {
            throw new CorruptDataException("a snapshot of " + length + " bytes is cut off");
        }
        CheckedInputStream checked =
                new CheckedInputStream(new BoundedStream(stream, length - Long.BYTES), new CRC32C());
        byte[] head = checked.readNBytes(MAGIC.length + 1 + 2 * Long.BYTES);
        byte[] buffer = new byte[1 << 16];
        while (checked.read(buffer, 0, buffer.length) >= 0) {
            // only for its sum
        }
        byte[] sum = stream.readNBytes(Long.BYTES);
        if (!Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new CorruptDataException("no snapshot: wrong magic number");
        }
        if (sum.length < Long.BYTES
                || ByteBuffer.wrap(sum).getLong() != checked.getChecksum().getValue()) {
            throw new CorruptDataException("the snapshot's checksum does not match: it is damaged");
        }
        refuseOtherVersion(head[MAGIC.length]);
        ByteBuffer owner = ByteBuffer.wrap(head, MAGIC.length + 1, 2 * Long.BYTES);
        return new UUID(owner.getLong(), owner.getLong());
    }

    private static void refuseOtherVersion(int version) {
        if (version < FIRST_VERSION || version > VERSION) {
            throw new CorruptDataException("a snapshot of version " + version + ", and this node reads " + FIRST_VERSION
                    + " to " + VERSION + ": a newer node wrote it");
        }
    }

    private static void writeBody(WireWriter out, MembershipState state) {
        out.putLong(state.clusterId().getMostSignificantBits())
                .putLong(state.clusterId().getLeastSignificantBits())
                .putLong(state.recoveryEpoch())
                .putLong(state.joinCounter())
                .putLong(state.viewFloor())
                .putLong(state.appliedIndex())
                .putLong(state.history().forgottenUpTo())
                .putLong(state.store().lastVersion());
        MemberCodec.writeNodes(out, state.nodeTable());
        MemberCodec.writeGroups(out, state);
        out.putSize(state.history().size());
        state.history().all().forEach(change -> write(out, change, state));
        out.putSize(state.removalRecords().all().size());
        state.removalRecords().all().forEach(removal -> write(out, removal));
        writeResults(out, state);
        out.putSize(state.store().size());
        state.store()
                .all()
                .forEach((key, entry) ->
                        out.putString(key).putLong(entry.version()).putBytes(entry.value()));
    }

    private static MembershipState readBody(
            WireReader in, UUID clusterId, boolean withLeases, MembershipState.Rules rules) {
        UUID owner = new UUID(in.getLong(), in.getLong());
        if (!owner.equals(clusterId)) {
            throw new CorruptDataException(
                    "the snapshot is of cluster " + owner + ", and this node belongs to " + clusterId);
        }
        long recoveryEpoch = in.getLong();
        long joinCounter = in.getLong();
        long viewFloor = in.getLong();
        long appliedIndex = in.getLong();
        ChangeHistory history = new ChangeHistory(in.getLong());
        KvStore store = new KvStore(in.getLong());
        NodeTable nodes = MemberCodec.readNodes(in, withLeases);
        nodes.movedAt(appliedIndex);
        MembershipState state = new MembershipState(
                clusterId, recoveryEpoch, joinCounter, viewFloor, appliedIndex, nodes, history, store, rules);
        for (int left = in.getSize(Limits.GROUPS); left > 0; left--) {
            state.restore(MemberCodec.readGroup(in, nodes.slots(), withLeases));
        }
        Shared shared = new Shared();
        for (int left = in.getSize(ANY_COUNT); left > 0; left--) {
            history.add(readChange(in, state, shared));
        }
        for (int left = in.getSize(RemovalRecords.MAX_RECORDS); left > 0; left--) {
            state.removalRecords().add(readRemoval(in, shared));
        }
        readResults(in, state);
        for (int left = in.getSize(ANY_COUNT); left > 0; left--) {
            String key = in.getString(TEXT_BYTES);
            long version = in.getLong();
            store.restore(key, new KvEntry(in.getBytes(Limits.VALUE_BYTES), version));
        }
        return state;
    }

    private static void write(WireWriter out, ViewChange change, MembershipState state) {
        EntryCodec.write(out, change.group());
        out.putLong(change.position())
                .putLong(change.view())
                .putString(change.leader().orElse(""));
        out.putSize(change.joined().size());
        change.joined().forEach(member -> {
            boolean living = state.living(change.group(), member.incarnation()).isPresent();
            out.putBoolean(living);
            if (living) {
                MemberCodec.writeAssignment(out, member);
            } else {
                MemberCodec.write(out, member);
            }
        });
        out.putSize(change.left().size());
        change.left().forEach(left -> {
            MemberCodec.write(out, left.member());
            out.putByte(left.reason().ordinal());
        });
    }

    /** What the history knows of a member that still is one: its spec is there already, and is shared. */
    private static Member readLiving(WireReader in, GroupKey group, MembershipState state) {
        long incarnation = in.getLong();
        int assignmentEpoch = in.getSize(ANY_COUNT);
        int slot = in.getSize(state.nodeTable().slots()) - 1;
        Member living = state.living(group, incarnation)
                .orElseThrow(() -> new CorruptDataException("no member has the incarnation " + incarnation));
        return new Member(living.spec(), incarnation, assignmentEpoch, slot);
    }

    private static ViewChange readChange(WireReader in, MembershipState state, Shared shared) {
        int slots = state.nodeTable().slots();
        GroupKey group = shared.of(EntryCodec.readGroup(in));
        long position = in.getLong();
        long view = in.getLong();
        Optional<String> leader =
                Optional.of(shared.of(in.getString(TEXT_BYTES))).filter(id -> !id.isEmpty());
        List<Member> joined = new ArrayList<>();
        for (int left = in.getSize(ANY_COUNT); left > 0; left--) {
            joined.add(in.getBoolean() ? readLiving(in, group, state) : MemberCodec.readMember(in, slots));
        }
        List<ViewChange.Left> gone = new ArrayList<>();
        for (int left = in.getSize(ANY_COUNT); left > 0; left--) {
            gone.add(new ViewChange.Left(MemberCodec.readMember(in, slots), EntryCodec.readReason(in)));
        }
        return new ViewChange(position, group, view, leader, List.copyOf(joined), List.copyOf(gone));
    }

    private static void write(WireWriter out, RemovalRecord removal) {
        EntryCodec.write(out, removal.group());
        out.putString(removal.memberId())
                .putLong(removal.incarnation())
                .putLong(removal.view())
                .putByte(removal.reason().ordinal())
                .putString(removal.monitor())
                .putString(removal.committedBy())
                .putLong(removal.removedAtMillis())
                .putBoolean(removal.instance().isPresent());
        removal.instance()
                .ifPresent(id -> out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
        EntryCodec.write(out, removal.evidence());
    }

    private static RemovalRecord readRemoval(WireReader in, Shared shared) {
        return new RemovalRecord(
                shared.of(EntryCodec.readGroup(in)),
                in.getString(TEXT_BYTES),
                in.getLong(),
                in.getLong(),
                EntryCodec.readReason(in),
                shared.of(in.getString(TEXT_BYTES)),
                shared.of(in.getString(TEXT_BYTES)),
                in.getLong(),
                in.getBoolean() ? Optional.of(new UUID(in.getLong(), in.getLong())) : Optional.empty(),
                EntryCodec.readEvidence(in));
    }

    private static void writeResults(WireWriter out, MembershipState state) {
        out.putSize(state.batchResults().all().size());
        for (Map.Entry<Long, BatchResults.Origin> origin : state.batchResults().all()) {
            out.putLong(origin.getKey()).putLong(origin.getValue().lowestPending());
            out.putSize(origin.getValue().results().size());
            origin.getValue().results().forEach((sequence, results) -> {
                out.putLong(sequence);
                ResultCodec.write(out, results, EntryCodec.MAX_REQUESTS);
            });
        }
        out.putSize(state.requestResults().all().size());
        state.requestResults().all().forEach(stored -> {
            out.putLong(stored.getKey().high())
                    .putLong(stored.getKey().low())
                    .putLong(stored.getValue().fingerprint());
            ResultCodec.write(out, stored.getValue().result());
        });
    }

    private static void readResults(WireReader in, MembershipState state) {
        for (int left = in.getSize(BatchResults.MAX_ORIGINS); left > 0; left--) {
            long origin = in.getLong();
            long lowestPending = in.getLong();
            Map<Long, List<Result>> results = new TreeMap<>();
            for (int more = in.getSize(BatchResults.MAX_BATCHES_OF_AN_ORIGIN); more > 0; more--) {
                results.put(in.getLong(), ResultCodec.readBatch(in));
            }
            state.batchResults().restore(origin, lowestPending, results);
        }
        for (int left = in.getSize(RequestResults.MAX_WEIGHT); left > 0; left--) {
            Request.IdempotencyKey key = new Request.IdempotencyKey(in.getLong(), in.getLong(), in.getLong());
            state.requestResults().remember(key, ResultCodec.read(in));
        }
    }

    /** Names that stand in many records, kept once. */
    private static final class Shared {
        private final Map<GroupKey, GroupKey> groups = new HashMap<>();
        private final Map<String, String> texts = new HashMap<>();

        GroupKey of(GroupKey group) {
            return groups.computeIfAbsent(group, first -> first);
        }

        String of(String text) {
            return texts.computeIfAbsent(text, first -> first);
        }
    }

    /** Ends where the body does, so that the checksum behind it is not read with it. */
    private static final class BoundedStream extends InputStream {
        private final InputStream stream;
        private long left;

        BoundedStream(InputStream stream, long length) {
            this.stream = stream;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = stream.read(bytes, offset, (int) Math.min(count, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
