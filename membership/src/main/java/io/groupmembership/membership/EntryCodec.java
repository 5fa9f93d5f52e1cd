package io.groupmembership.membership;

import io.groupmembership.membership.Request.IdempotencyKey;
import io.groupmembership.protocol.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The bytes of a log entry: a stamp, which the leader puts in front, and a batch, as its node sent it.
 *
 * <pre>
 * stamp: leader's nodeId, leader's clock time in milliseconds (8 bytes)
 * batch: version 1 (1 byte), origin, sequence, lowest pending (8 bytes each), count, requests
 * request: 0, or 1 and its idempotency key (24 bytes); tag of the command (1 byte), command
 * </pre>
 *
 * A tag is never used again for something else, so that a log outlives an upgrade.
 */
public final class EntryCodec {
    /** More requests than one batch ever has. */
    static final int MAX_REQUESTS = 65_536;

    private static final int VERSION = 1;
    private static final int TEXT_BYTES = 4_096;
    private static final int FIGURE_BYTES = 4 * Evidence.MAX_TEXT;
    private static final int HASH_KEY_DIGITS = 32;

    private EntryCodec() {}

    /** What the leader puts in front of a batch. */
    public static byte[] stamp(String leader, long leaderMillis) {
        return new WireWriter(32)
                .putString(leader, TEXT_BYTES)
                .putLong(leaderMillis)
                .toByteArray();
    }

    /**
     * A batch as its node sends it.
     *
     * @throws IllegalArgumentException where it holds more than {@link #decode} takes: no node could apply it
     */
    public static byte[] encode(Batch batch) {
        WireWriter out = new WireWriter(64 + 112 * batch.requests().size());
        out.putByte(VERSION)
                .putLong(batch.origin())
                .putLong(batch.sequence())
                .putLong(batch.lowestPending())
                .putSize(batch.requests().size(), MAX_REQUESTS);
        for (Request request : batch.requests()) {
            out.putBoolean(request.idempotencyKey().isPresent());
            request.idempotencyKey()
                    .ifPresent(key -> out.putLong(key.high()).putLong(key.low()).putLong(key.fingerprint()));
            write(out, request.command());
        }
        return out.toByteArray();
    }

    /**
     * Reads a stamped batch.
     *
     * @throws CorruptDataException where the bytes are none
     */
    public static Entry decode(byte[] stampAndBatch) {
        WireReader in = new WireReader(stampAndBatch);
        String leader = in.getString(TEXT_BYTES);
        long leaderMillis = in.getLong();
        int version = in.getByte();
        if (version != VERSION) {
            throw new CorruptDataException(
                    "log entry of version " + version + ", and this node reads " + VERSION + ": a newer node wrote it");
        }
        long origin = in.getLong();
        long sequence = in.getLong();
        long lowestPending = in.getLong();
        int count = in.getSize(MAX_REQUESTS);
        List<Request> requests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Optional<IdempotencyKey> key = in.getBoolean()
                    ? Optional.of(new IdempotencyKey(in.getLong(), in.getLong(), in.getLong()))
                    : Optional.empty();
            requests.add(new Request(key, readCommand(in)));
        }
        if (!in.atEnd()) {
            throw new CorruptDataException("bytes behind a log entry");
        }
        return new Entry(leader, leaderMillis, new Batch(origin, sequence, lowestPending, requests));
    }

    private static void write(WireWriter out, Command command) {
        switch (command) {
            case Command.Join(GroupKey group, List<Command.Joiner> joiners) -> {
                write(out.putByte(1), group);
                out.putSize(joiners.size(), Limits.BATCH_MEMBERS);
                for (Command.Joiner joiner : joiners) {
                    out.putBytes(joiner.spec().packed());
                    write(out, joiner.replaces());
                }
            }
            case Command.Leave(GroupKey group, String memberId, OptionalLong incarnation) -> {
                write(out.putByte(2), group);
                out.putString(memberId, TEXT_BYTES);
                write(out, incarnation);
            }
            case Command.Remove(List<Command.Target> targets) -> {
                out.putByte(3).putSize(targets.size());
                targets.forEach(target -> write(out, target));
            }
            case Command.PutPolicy(GroupKey group, GroupPolicy policy) -> {
                write(out.putByte(4), group);
                write(out, policy);
            }
            case Command.KvPut(String key, byte[] value, KvCondition condition) -> {
                out.putByte(5).putString(key, TEXT_BYTES).putBytes(value, Limits.VALUE_BYTES);
                write(out, condition);
            }
            case Command.KvDelete(String key, KvCondition condition) -> {
                out.putByte(6).putString(key, TEXT_BYTES);
                write(out, condition);
            }
            case Command.NodeUp(String nodeId, String address, String udpAddress, String hashKey) -> {
                if (!isHashKey(hashKey.getBytes(StandardCharsets.UTF_8))) {
                    throw new IllegalArgumentException("no hash key: " + hashKey);
                }
                out.putByte(7)
                        .putString(nodeId, TEXT_BYTES)
                        .putString(address, TEXT_BYTES)
                        .putString(udpAddress, TEXT_BYTES)
                        .putString(hashKey);
            }
            case Command.NodeDown(String nodeId, int liveness) ->
                out.putByte(8).putString(nodeId, TEXT_BYTES).putSize(liveness);
            case Command.Recover(long recoveryEpoch, long provenIncarnation) ->
                out.putByte(9)
                        .putSize(Math.toIntExact(recoveryEpoch), MembershipState.MAX_RECOVERY_EPOCH)
                        .putLong(provenIncarnation);
            case Command.Tick(List<Command.Beat> beats) -> {
                out.putByte(10).putSize(beats.size(), NodeTable.MAX_NODES);
                beats.forEach(beat -> write(out, beat));
            }
            case Command.Assign(List<Command.Assignment> assignments) -> {
                out.putByte(11).putSize(assignments.size());
                assignments.forEach(assignment -> {
                    write(out, assignment.group());
                    out.putString(assignment.memberId(), TEXT_BYTES)
                            .putLong(assignment.incarnation())
                            .putSize(assignment.assignmentEpoch())
                            .putString(assignment.to(), TEXT_BYTES)
                            .putBoolean(assignment.heard());
                });
            }
            case Command.Revoke(GroupKey group, String memberId, OptionalLong incarnation) -> {
                write(out.putByte(12), group);
                out.putString(memberId, TEXT_BYTES);
                write(out, incarnation);
            }
            case Command.Withdraw(GroupKey group, String memberId, UUID instance) -> {
                write(out.putByte(13), group);
                out.putString(memberId, TEXT_BYTES)
                        .putLong(instance.getMostSignificantBits())
                        .putLong(instance.getLeastSignificantBits());
            }
        }
    }

    private static Command readCommand(WireReader in) {
        int tag = in.getByte();
        return switch (tag) {
            case 1 -> {
                GroupKey group = readGroup(in);
                int count = in.getSize(Limits.BATCH_MEMBERS);
                List<Command.Joiner> joiners = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    joiners.add(new Command.Joiner(
                            MemberSpec.ofPacked(in.getBytes(MemberSpec.MAX_BYTES)), readOptionalLong(in)));
                }
                yield new Command.Join(group, joiners);
            }
            case 2 -> new Command.Leave(readGroup(in), in.getString(TEXT_BYTES), readOptionalLong(in));
            case 3 -> {
                int count = in.getSize(Integer.MAX_VALUE);
                List<Command.Target> targets = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    targets.add(readTarget(in));
                }
                yield new Command.Remove(targets);
            }
            case 4 -> new Command.PutPolicy(readGroup(in), readPolicy(in));
            case 5 -> new Command.KvPut(in.getString(TEXT_BYTES), in.getBytes(Limits.VALUE_BYTES), readCondition(in));
            case 6 -> new Command.KvDelete(in.getString(TEXT_BYTES), readCondition(in));
            case 7 ->
                new Command.NodeUp(
                        in.getString(TEXT_BYTES), in.getString(TEXT_BYTES), in.getString(TEXT_BYTES), readHashKey(in));
            case 8 -> new Command.NodeDown(in.getString(TEXT_BYTES), in.getSize(Integer.MAX_VALUE));
            case 9 -> new Command.Recover(in.getSize(MembershipState.MAX_RECOVERY_EPOCH), in.getLong());
            case 10 -> {
                int count = in.getSize(NodeTable.MAX_NODES);
                List<Command.Beat> beats = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    beats.add(readBeat(in));
                }
                yield new Command.Tick(beats);
            }
            case 11 -> {
                int count = in.getSize(Integer.MAX_VALUE);
                List<Command.Assignment> assignments = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    assignments.add(new Command.Assignment(
                            readGroup(in),
                            in.getString(TEXT_BYTES),
                            in.getLong(),
                            in.getSize(Integer.MAX_VALUE),
                            in.getString(TEXT_BYTES),
                            in.getBoolean()));
                }
                yield new Command.Assign(assignments);
            }
            case 12 -> new Command.Revoke(readGroup(in), in.getString(TEXT_BYTES), readOptionalLong(in));
            case 13 ->
                new Command.Withdraw(readGroup(in), in.getString(TEXT_BYTES), new UUID(in.getLong(), in.getLong()));
            default -> throw new CorruptDataException("no command has the tag " + tag);
        };
    }

    static void write(WireWriter out, Command.Beat beat) {
        out.putString(beat.nodeId(), TEXT_BYTES)
                .putLong(beat.bootId())
                .putLong(beat.nonce())
                .putLong(beat.appliedIndex());
    }

    static Command.Beat readBeat(WireReader in) {
        return new Command.Beat(in.getString(TEXT_BYTES), in.getLong(), in.getLong(), in.getLong());
    }

    static Command.Target readTarget(WireReader in) {
        return new Command.Target(
                readGroup(in),
                in.getString(TEXT_BYTES),
                in.getLong(),
                in.getSize(Integer.MAX_VALUE),
                readReason(in),
                readEvidence(in));
    }

    static void write(WireWriter out, Command.Target target) {
        write(out, target.group());
        out.putString(target.memberId(), TEXT_BYTES)
                .putLong(target.incarnation())
                .putSize(target.assignmentEpoch())
                .putByte(target.reason().ordinal());
        write(out, target.evidence());
    }

    static void write(WireWriter out, GroupKey group) {
        out.putString(group.namespace(), TEXT_BYTES).putString(group.name(), TEXT_BYTES);
    }

    static GroupKey readGroup(WireReader in) {
        return new GroupKey(in.getString(TEXT_BYTES), in.getString(TEXT_BYTES));
    }

    static void write(WireWriter out, GroupPolicy policy) {
        if (!isInterval(policy.intervalMillis())) {
            throw new IllegalArgumentException("no interval: " + policy.intervalMillis() + " ms");
        }
        out.putLong(policy.intervalMillis())
                .putSize(policy.misses(), GroupPolicy.MAX_MISSES)
                .putSize(policy.maxMembers(), Limits.MAX_MEMBERS);
    }

    static GroupPolicy readPolicy(WireReader in) {
        long intervalMillis = in.getLong();
        if (!isInterval(intervalMillis)) {
            throw new CorruptDataException("an interval of " + intervalMillis + " ms");
        }
        return new GroupPolicy(intervalMillis, in.getSize(GroupPolicy.MAX_MISSES), in.getSize(Limits.MAX_MEMBERS));
    }

    private static boolean isInterval(long millis) {
        return millis >= 0 && millis <= GroupPolicy.MAX_INTERVAL_MILLIS;
    }

    static void write(WireWriter out, Evidence evidence) {
        out.putLong(evidence.lastAckMillisAgo()).putSize(evidence.probes().size());
        evidence.probes()
                .forEach(probe ->
                        out.putString(probe.by()).putString(probe.path()).putString(probe.result()));
        out.putSize(evidence.monitorHealth().size());
        evidence.monitorHealth().forEach((name, figure) -> out.putString(name).putLong(figure));
    }

    static Evidence readEvidence(WireReader in) {
        long lastAckMillisAgo = in.getLong();
        int probeCount = in.getSize(Evidence.MAX_PROBES);
        List<Evidence.Probe> probes = new ArrayList<>(probeCount);
        for (int left = probeCount; left > 0; left--) {
            probes.add(new Evidence.Probe(
                    in.getString(FIGURE_BYTES), in.getString(FIGURE_BYTES), in.getString(FIGURE_BYTES)));
        }
        TreeMap<String, Long> health = new TreeMap<>();
        for (int left = in.getSize(Evidence.MAX_FIGURES); left > 0; left--) {
            health.put(in.getString(FIGURE_BYTES), in.getLong());
        }
        Evidence evidence = new Evidence(lastAckMillisAgo, probes, health);
        return evidence.equals(Evidence.NONE) ? Evidence.NONE : evidence;
    }

    static LeaveReason readReason(WireReader in) {
        return LeaveReason.values()[in.getSize(LeaveReason.values().length - 1)];
    }

    static String readHashKey(WireReader in) {
        byte[] hashKey = in.getBytes(HASH_KEY_DIGITS);
        if (!isHashKey(hashKey)) {
            throw new CorruptDataException("a hash key that is not " + HASH_KEY_DIGITS + " hexadecimal digits");
        }
        return new String(hashKey, StandardCharsets.US_ASCII);
    }

    private static boolean isHashKey(byte[] text) {
        for (byte digit : text) {
            if (Character.digit(digit, 16) < 0) {
                return false;
            }
        }
        return text.length == HASH_KEY_DIGITS;
    }

    private static void write(WireWriter out, OptionalLong number) {
        out.putBoolean(number.isPresent());
        number.ifPresent(out::putLong);
    }

    private static OptionalLong readOptionalLong(WireReader in) {
        return in.getBoolean() ? OptionalLong.of(in.getLong()) : OptionalLong.empty();
    }

    private static void write(WireWriter out, KvCondition condition) {
        switch (condition) {
            case KvCondition.Always() -> out.putByte(0);
            case KvCondition.Absent() -> out.putByte(1);
            case KvCondition.Present() -> out.putByte(2);
            case KvCondition.VersionIs(long version) -> out.putByte(3).putLong(version);
            case KvCondition.VersionIsNot(long version) -> out.putByte(4).putLong(version);
        }
    }

    private static KvCondition readCondition(WireReader in) {
        int tag = in.getByte();
        return switch (tag) {
            case 0 -> new KvCondition.Always();
            case 1 -> new KvCondition.Absent();
            case 2 -> new KvCondition.Present();
            case 3 -> new KvCondition.VersionIs(in.getLong());
            case 4 -> new KvCondition.VersionIsNot(in.getLong());
            default -> throw new CorruptDataException("no condition has the tag " + tag);
        };
    }
}
