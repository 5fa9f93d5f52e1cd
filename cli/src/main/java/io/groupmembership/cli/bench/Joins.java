package io.groupmembership.cli.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The work of joining numbered members to a group, singly or in batches; their keys are kept for their heartbeats. */
final class Joins {
    private static final byte[] JOINED = "\"status\":201".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ALREADY_IN = "\"status\":200".getBytes(StandardCharsets.US_ASCII);

    private final BenchGroup group;
    private final MemberKeys keys;
    private final long most;
    private final boolean endless;
    private final AtomicLong nextMember = new AtomicLong();

    private Joins(BenchGroup group, MemberKeys keys, long most, boolean endless) {
        this.group = group;
        this.keys = keys;
        this.most = most;
        this.endless = endless;
    }

    /** Each member once; the work ends with member {@code most}. */
    static Joins once(BenchGroup group, MemberKeys keys, long most) {
        return new Joins(group, keys, most, false);
    }

    /** Asks the first {@code most} members in again and again: as many requests as wanted, and no more members. */
    static Joins endless(BenchGroup group, MemberKeys keys, long most) {
        return new Joins(group, keys, most, true);
    }

    BenchGroup group() {
        return group;
    }

    /** How many members were asked for so far. */
    long members() {
        return Math.min(most, nextMember.get());
    }

    /** One join after the other. */
    ClosedLoop.Work single(URI server) {
        RequestTemplate template = group.join(server);
        return new ClosedLoop.Work() {
            @Override
            public byte @Nullable [] next() {
                long request = nextMember.getAndIncrement();
                if (request >= most && !endless) {
                    return null;
                }
                long member = request % most;
                return template.set(0, request).set(1, member).set(2, member).bytes();
            }

            @Override
            public int acknowledged(int status, BenchConnection connection) {
                if (status != 201 && status != 200) {
                    return 0;
                }
                connection.learn(keys);
                return 1;
            }
        };
    }

    /** One batch after the other. */
    ClosedLoop.Work batched(URI server, int size) {
        RequestTemplate template = group.batch(server, size);
        return new ClosedLoop.Work() {
            @Override
            public byte @Nullable [] next() {
                long first = nextMember.getAndAdd(size);
                if (first + size > most && !endless) {
                    return null;
                }
                template.set(0, first);
                for (int i = 0; i < size; i++) {
                    long member = (first + i) % most;
                    template.set(1 + 2 * i, member).set(2 + 2 * i, member);
                }
                return template.bytes();
            }

            @Override
            public int acknowledged(int status, BenchConnection connection) {
                if (status != 200) {
                    return 0;
                }
                connection.learn(keys);
                return connection.count(JOINED) + connection.count(ALREADY_IN);
            }
        };
    }

    /** One linearizable read after the other, without end. */
    static ClosedLoop.Work reading(BenchGroup group, URI server) {
        RequestTemplate template = group.read(server);
        return new ClosedLoop.Work() {
            @Override
            public byte[] next() {
                return template.bytes();
            }

            @Override
            public int acknowledged(int status, BenchConnection connection) {
                return status == 200 ? 1 : 0;
            }
        };
    }
}
