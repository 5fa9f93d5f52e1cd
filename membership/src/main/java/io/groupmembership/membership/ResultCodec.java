package io.groupmembership.membership;

import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.protocol.Limits;
import java.util.ArrayList;
import java.util.List;

/** The bytes of the results of a batch, as the leader answers it and as a snapshot keeps it: a tag each, then fields. */
public final class ResultCodec {
    private static final int NODE_ID_BYTES = 4 * Limits.MEMBER_ID_CHARACTERS;

    private static final int JOINS = 1;

    private ResultCodec() {}

    public static byte[] encode(List<Result> results) {
        WireWriter out = new WireWriter(8 + 40 * results.size());
        write(out, results, EntryCodec.MAX_REQUESTS);
        return out.toByteArray();
    }

    /** @throws CorruptDataException where the bytes are none */
    public static List<Result> decode(byte[] bytes) {
        WireReader in = new WireReader(bytes);
        List<Result> results = readBatch(in);
        if (!in.atEnd()) {
            throw new CorruptDataException("bytes behind results");
        }
        return results;
    }

    static void write(WireWriter out, List<Result> results, int most) {
        if (results.size() > most) {
            throw new IllegalArgumentException("more than " + most + " results");
        }
        out.putSize(results.size());
        results.forEach(result -> write(out, result));
    }

    /** The results of a batch. */
    static List<Result> readBatch(WireReader in) {
        int count = in.getSize(EntryCodec.MAX_REQUESTS);
        List<Result> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            results.add(read(in));
        }
        return List.copyOf(results);
    }

    /** The results of the joiners of one command. None of them is a list again: depth must not be the data's choice. */
    private static List<Result> readJoins(WireReader in) {
        int count = in.getSize(Limits.BATCH_MEMBERS);
        List<Result> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            results.add(read(in, in.getByte()));
        }
        return List.copyOf(results);
    }

    static void write(WireWriter out, Result result) {
        switch (result) {
            case Result.Joins(List<Result> results) -> write(out.putByte(JOINS), results, Limits.BATCH_MEMBERS);
            case Result.Joined(
                    boolean created,
                    long incarnation,
                    long view,
                    String monitor,
                    long intervalMillis,
                    int misses) ->
                out.putByte(2)
                        .putBoolean(created)
                        .putLong(incarnation)
                        .putLong(view)
                        .putString(monitor)
                        .putLong(intervalMillis)
                        .putSize(misses);
            case Result.Left(long incarnation, long view) ->
                out.putByte(3).putLong(incarnation).putLong(view);
            case Result.Removed(int members) -> out.putByte(4).putSize(members);
            case Result.Done() -> out.putByte(5);
            case Result.Written(long version, boolean created) ->
                out.putByte(6).putLong(version).putBoolean(created);
            case Result.Refused(Refusal reason, long number) ->
                out.putByte(7).putSize(reason.ordinal()).putLong(number);
            case Result.Revoked(long incarnation) -> out.putByte(8).putLong(incarnation);
        }
    }

    static Result read(WireReader in) {
        int tag = in.getByte();
        return tag == JOINS ? new Result.Joins(readJoins(in)) : read(in, tag);
    }

    private static Result read(WireReader in, int tag) {
        return switch (tag) {
            case 2 ->
                new Result.Joined(
                        in.getBoolean(),
                        in.getLong(),
                        in.getLong(),
                        in.getString(NODE_ID_BYTES),
                        in.getLong(),
                        in.getSize(Integer.MAX_VALUE));
            case 3 -> new Result.Left(in.getLong(), in.getLong());
            case 4 -> new Result.Removed(in.getSize(Integer.MAX_VALUE));
            case 5 -> new Result.Done();
            case 6 -> new Result.Written(in.getLong(), in.getBoolean());
            case 7 -> new Result.Refused(Refusal.values()[in.getSize(Refusal.values().length - 1)], in.getLong());
            case 8 -> new Result.Revoked(in.getLong());
            default -> throw new CorruptDataException("no result has the tag " + tag);
        };
    }
}
