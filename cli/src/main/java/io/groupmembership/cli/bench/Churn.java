package io.groupmembership.cli.bench;

import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The work of joining a member and having it leave, again and again: each is a command and a view of its own. */
final class Churn {
    private static final int NOT_FOUND = 404;

    private final BenchGroup group;
    private final long most;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong clients = new AtomicLong();
    private final AtomicLong done = new AtomicLong();

    /** @param most how many changes there are to be */
    Churn(BenchGroup group, long most) {
        this.group = group;
        this.most = most;
    }

    /** How many changes were acknowledged. */
    long done() {
        return done.get();
    }

    ClosedLoop.Work work(URI server) {
        long member = clients.getAndIncrement();
        byte[] join = group.plainJoin(server).set(0, member).bytes();
        byte[] leave = group.leave(server).set(0, member).bytes();
        return new ClosedLoop.Work() {
            private boolean isIn;

            @Override
            public byte @Nullable [] next() {
                // a member that is in leaves, however many changes there were
                if (!isIn && begun.getAndAdd(2) >= most) {
                    return null;
                }
                return isIn ? leave : join;
            }

            @Override
            public int acknowledged(int status, BenchConnection connection) {
                // a leave that is sent again finds nobody
                if (status >= 300 && !(isIn && status == NOT_FOUND)) {
                    return 0;
                }
                isIn = !isIn;
                done.incrementAndGet();
                return 1;
            }
        };
    }
}
