package io.groupmembership.node.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that hold for a while. A question that is being asked is not asked a second time. At most so many answers are
 * kept, the oldest are dropped; those that are good are kept apart from the others and from what is being asked, so that
 * nobody who asks for nonsense drives them out.
 */
public final class QuestionCache<K, V> {
    private static final class Entry<V> {
        private final CompletableFuture<V> answer;
        private long endNanos;

        Entry(CompletableFuture<V> answer) {
            this.answer = answer;
        }
    }

    private final Map<K, Entry<V>> good;
    private final Map<K, Entry<V>> others;
    private final Function<V, Boolean> isGood;
    private final Function<V, Duration> life;
    private final LongSupplier clock;

    /**
     * @param most answers of each kind
     * @param clock nanoseconds
     */
    public QuestionCache(int most, Function<V, Boolean> isGood, Function<V, Duration> life, LongSupplier clock) {
        this.good = bounded(most);
        this.others = bounded(most);
        this.isGood = isGood;
        this.life = life;
        this.clock = clock;
    }

    private static <A, B> Map<A, B> bounded(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<A, B> eldest) {
                return size() > most;
            }
        };
    }

    /** @param question never fails */
    public CompletableFuture<V> ask(K key, Supplier<CompletableFuture<V>> question) {
        CompletableFuture<V> asked = new CompletableFuture<>();
        Entry<V> mine = new Entry<>(asked);
        synchronized (this) {
            @Nullable Entry<V> known = good.get(key);
            if (known == null) {
                known = others.get(key);
            }
            if (known != null && (!known.answer.isDone() || clock.getAsLong() - known.endNanos < 0)) {
                return known.answer;
            }
            good.remove(key);
            others.remove(key);
            others.put(key, mine);
        }
        // asked outside of the lock: it may be answered at once
        var _ = question.get().thenAccept(answer -> {
            keep(key, mine, answer);
            asked.complete(answer);
        });
        return asked;
    }

    private synchronized void keep(K key, Entry<V> entry, V answer) {
        entry.endNanos = clock.getAsLong() + life.apply(answer).toNanos();
        if (isGood.apply(answer)) {
            others.remove(key, entry);
            good.put(key, entry);
        }
    }

    synchronized int size() {
        return good.size() + others.size();
    }
}
