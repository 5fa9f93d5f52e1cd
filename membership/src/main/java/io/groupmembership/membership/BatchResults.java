package io.groupmembership.membership;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The results of batches that their origin may still send again, so that a batch which reaches the log twice is
 * applied once (Ongaro's dissertation, section 6.3). Kept in the replicated state: a snapshot and a restart don't
 * forget it.
 *
 * <p>Bounded by what the origins say: results below an origin's lowest pending batch go. The {@value #MAX_ORIGINS}
 * origins that were active last are kept; an origin is one start of one node.
 */
final class BatchResults {
    static final int MAX_ORIGINS = 64;

    /** More batches than an origin may have under way. */
    static final int MAX_BATCHES_OF_AN_ORIGIN = 4_096;

    /** Least recently active first. */
    private final Map<Long, Origin> origins = new LinkedHashMap<>();

    /** What is kept of one origin. */
    static final class Origin {
        private long lowestPending;
        private final TreeMap<Long, List<Result>> results = new TreeMap<>();

        long lowestPending() {
            return lowestPending;
        }

        Map<Long, List<Result>> results() {
            return results;
        }
    }

    /**
     * What an earlier copy of this batch did.
     *
     * @return its results; refusals where the origin had given the batch up; empty where this is the first copy
     */
    Optional<List<Result>> earlier(Batch batch) {
        Origin origin = origins.get(batch.origin());
        if (origin == null) {
            return Optional.empty();
        }
        List<Result> results = origin.results.get(batch.sequence());
        if (results != null) {
            return Optional.of(results);
        }
        if (batch.sequence() < origin.lowestPending) {
            Result givenUp = new Result.Refused(Result.Refusal.GIVEN_UP, 0);
            return Optional.of(batch.requests().stream().map(r -> givenUp).toList());
        }
        return Optional.empty();
    }

    void remember(Batch batch, List<Result> results) {
        restore(batch.origin(), batch.lowestPending(), Map.of(batch.sequence(), results));
    }

    /** Adds what is known of an origin; it becomes the most recently active. */
    void restore(long originId, long lowestPending, Map<Long, List<Result>> results) {
        Origin known = origins.remove(originId);
        Origin origin = known == null ? new Origin() : known;
        origins.put(originId, origin);
        origin.results.putAll(results);
        origin.lowestPending = Math.max(origin.lowestPending, lowestPending);
        while (origin.results.size() > MAX_BATCHES_OF_AN_ORIGIN) {
            origin.lowestPending = Math.max(origin.lowestPending, origin.results.firstKey() + 1);
            origin.results.pollFirstEntry();
        }
        origin.results.headMap(origin.lowestPending).clear();
        if (origins.size() > MAX_ORIGINS) {
            origins.remove(origins.keySet().iterator().next());
        }
    }

    /** Every origin, the least recently active first. */
    Collection<Map.Entry<Long, Origin>> all() {
        return origins.entrySet();
    }
}
