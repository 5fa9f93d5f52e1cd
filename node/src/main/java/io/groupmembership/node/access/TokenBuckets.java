package io.groupmembership.node.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How fast each key may go: a bucket of twice a second's worth that fills at the rate. At most {@value #MOST} keys are
 * known; the one that was quiet longest is forgotten first, and would begin with a full bucket.
 */
public final class TokenBuckets {
    static final int MOST = 16_384;

    private static final class Bucket {
        private double tokens;
        private long atNanos;
    }

    private final double perNano;
    private final double most;
    private final LongSupplier clock;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST;
        }
    };

    /** @param clock nanoseconds */
    public TokenBuckets(int perSecond, LongSupplier clock) {
        this.perNano = perSecond / 1e9;
        this.most = 2.0 * perSecond;
        this.clock = clock;
    }

    /** Whether one more is within the rate, which it counts against then. */
    public synchronized boolean take(String key) {
        long now = clock.getAsLong();
        Bucket bucket = buckets.get(key);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.tokens = most;
            bucket.atNanos = now;
            buckets.put(key, bucket);
        }
        bucket.tokens = Math.min(most, bucket.tokens + (now - bucket.atNanos) * perNano);
        bucket.atNanos = now;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }

    synchronized int size() {
        return buckets.size();
    }
}
