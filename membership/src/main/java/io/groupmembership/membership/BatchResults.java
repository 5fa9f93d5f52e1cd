package io.groupmembership.membership;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The results of batches that their origin may still send again, so that a batch which reaches the log twice is
 * applied once (Ongaro's dissertation, section 6.3). Kept in the replicated state: a snapshot and a restart don't
 * forget it.
 *
 * <p>Bounded by what the origins say: results below an origin's lowest pending batch go. The {@value #MAX_ORIGINS}
 * origins that were active last are kept; an origin is one start of one node. A node that died can't say that its last
 * batches are done: where there are more than {@value #MAX_RESULTS} results in all, those of the origins that have been
 * silent for longest go. A batch whose results went is refused when it comes again, never applied twice.
 */
final class BatchResults {
    static final int MAX_ORIGINS = 64;

    /** More batches than an origin may have under way. */
    static final int MAX_BATCHES_OF_AN_ORIGIN = 4_096;

    /** More than live origins may have under way together. */
    static final int MAX_RESULTS = 1_000_000;

    /** Least recently active first. */
    private final Map<Long, Origin> origins = new LinkedHashMap<>();

    private long count;

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
        results.forEach((sequence, ofBatch) -> {
            List<Result> before = origin.results.put(sequence, ofBatch);
            count += weight(ofBatch) - (before == null ? 0 : weight(before));
        });
        forget(origin, lowestPending);
        while (origin.results.size() > MAX_BATCHES_OF_AN_ORIGIN) {
            forget(origin, origin.results.firstKey() + 1);
        }
        if (origins.size() > MAX_ORIGINS) {
            Long oldest = origins.keySet().iterator().next();
            forget(origins.get(oldest), Long.MAX_VALUE);
            origins.remove(oldest);
        }
        if (count > MAX_RESULTS) {
            forgetSilent(origin);
        }
    }

    private void forgetSilent(Origin active) {
        for (Origin silent : origins.values()) {
            if (count > MAX_RESULTS && silent != active && !silent.results.isEmpty()) {
                forget(silent, silent.results.lastKey() + 1);
            }
        }
    }

    private void forget(@Nullable Origin origin, long below) {
        if (origin == null) {
            return;
        }
        origin.lowestPending = Math.max(origin.lowestPending, below);
        Map<Long, List<Result>> done = origin.results.headMap(origin.lowestPending);
        for (List<Result> results : done.values()) {
            count -= weight(results);
        }
        done.clear();
    }

    /** Forgets every origin, where all of them have ended. */
    void forgetAll() {
        origins.clear();
        count = 0;
    }

    private static long weight(List<Result> results) {
        long weight = 1;
        for (Result result : results) {
            weight += RequestResults.weight(result);
        }
        return weight;
    }

    /** Every origin, the least recently active first. */
    Collection<Map.Entry<Long, Origin>> all() {
        return origins.entrySet();
    }
}
