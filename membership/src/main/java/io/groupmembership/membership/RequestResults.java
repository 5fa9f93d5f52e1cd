package io.groupmembership.membership;

import io.groupmembership.membership.Request.IdempotencyKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The results of requests that came with an idempotency key: sent again, they get the same answer and change nothing.
 * The latest {@value #MAX_WEIGHT} results are kept (a batch of joins counts one for each); the oldest go first.
 */
final class RequestResults {
    static final int MAX_WEIGHT = 65_536;

    record Name(long high, long low) {}

    record Stored(long fingerprint, Result result) {
        int weight() {
            return RequestResults.weight(result);
        }
    }

    private final Map<Name, Stored> results = new LinkedHashMap<>();
    private int weight;

    /** What the same key was answered before; a refusal where it came with another request. */
    Optional<Result> earlier(IdempotencyKey key) {
        Stored stored = results.get(new Name(key.high(), key.low()));
        if (stored == null) {
            return Optional.empty();
        }
        return Optional.of(
                stored.fingerprint == key.fingerprint()
                        ? stored.result
                        : new Result.Refused(Result.Refusal.IDEMPOTENCY_KEY_REUSED, 0));
    }

    void remember(IdempotencyKey key, Result result) {
        Stored stored = new Stored(key.fingerprint(), result);
        Stored before = results.put(new Name(key.high(), key.low()), stored);
        weight += stored.weight() - (before == null ? 0 : before.weight());
        while (weight > MAX_WEIGHT && results.size() > 1) {
            Name oldest = results.keySet().iterator().next();
            Stored gone = results.remove(oldest);
            weight -= gone == null ? 0 : gone.weight();
        }
    }

    /** Forgets what a recovery makes untrue: incarnations that are given to nobody any more, and versions. */
    void forgetUnproven(long provenIncarnation) {
        results.values().removeIf(stored -> isUnproven(stored.result, provenIncarnation));
        weight = results.values().stream().mapToInt(Stored::weight).sum();
    }

    private static boolean isUnproven(Result result, long provenIncarnation) {
        return switch (result) {
            case Result.Joined joined -> joined.incarnation() > provenIncarnation;
            case Result.Revoked revoked -> revoked.incarnation() > provenIncarnation;
            case Result.Joins joins -> joins.results().stream().anyMatch(one -> isUnproven(one, provenIncarnation));
            case Result.Written _ -> true;
            default -> false;
        };
    }

    static int weight(Result result) {
        return result instanceof Result.Joins joins ? 1 + joins.results().size() : 1;
    }

    /** Every result, the oldest first. */
    Collection<Map.Entry<Name, Stored>> all() {
        return results.entrySet();
    }
}
