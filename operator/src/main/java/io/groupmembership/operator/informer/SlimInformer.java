package io.groupmembership.operator.informer;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the objects of one kind and keeps a small record of each: a whole Pod takes 28 KB of heap, its record well
 * under one. The informer's own store is that map of records; what it must hand out as an object is a shell with the
 * object's name and version.
 *
 * <p>The map never goes back in time: what the operator itself wrote is in it at once ({@link #wrote}), and an event
 * that is older than that is passed over.
 *
 * @param <T> the kind
 * @param <V> the record
 */
public final class SlimInformer<T extends HasMetadata, V extends SlimInformer.View> implements AutoCloseable {
    /** What every record says of its object. */
    public interface View {
        /** Empty for objects that are in no namespace. */
        String namespace();

        String name();

        String resourceVersion();
    }

    /** Hears of changes on the informer's threads, and must not block them. */
    @FunctionalInterface
    public interface Listener<V> {
        /** @param before empty for an object that is new; {@code after} is empty for one that is gone */
        void changed(Optional<V> before, Optional<V> after);
    }

    private static final Logger LOG = Logger.getLogger(SlimInformer.class);
    private static final long PAGE = 500;

    private final ConcurrentMap<String, V> records = new ConcurrentHashMap<>();
    private final List<Listener<V>> listeners = new CopyOnWriteArrayList<>();
    private final Function<T, V> slim;
    private final Supplier<T> blank;
    private final SharedIndexInformer<T> informer;

    /**
     * @param objects which objects
     * @param slim makes the record of an object
     * @param blank makes an object with nothing in it
     */
    public SlimInformer(Informable<T> objects, Function<T, V> slim, Supplier<T> blank) {
        this.slim = slim;
        this.blank = blank;
        this.informer = objects.withLimit(PAGE)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(new Records())
                // whatever goes wrong, now or later: ask again, with the client's backoff
                .exceptionHandler((started, failure) -> true);
    }

    /** Starts to follow; returns at once. */
    public void start() {
        informer.start();
    }

    /** Whether every object that there was at the start is known. It stays so, also while the API server is away. */
    public boolean hasSynced() {
        return informer.hasSynced();
    }

    public Optional<V> get(String namespace, String name) {
        return Optional.ofNullable(records.get(key(namespace, name)));
    }

    public Stream<V> all() {
        return records.values().stream();
    }

    public int size() {
        return records.size();
    }

    public void addListener(Listener<V> listener) {
        listeners.add(listener);
    }

    public void removeListener(Listener<V> listener) {
        listeners.remove(listener);
    }

    /** Takes note of what the API server answered to a write of the operator's, before the informer hears of it. */
    public void wrote(T object) {
        put(keyOf(object), object);
    }

    @Override
    public void close() {
        informer.stop();
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    private String keyOf(T object) {
        String namespace = object.getMetadata().getNamespace();
        return key(namespace == null ? "" : namespace, object.getMetadata().getName());
    }

    private @Nullable V put(String key, T object) {
        V record;
        try {
            record = slim.apply(object);
        } catch (RuntimeException e) {
            LOG.warnf(e, "%s %s can't be read", object.getKind(), key);
            return records.get(key);
        }
        V before = records.get(key);
        V kept = records.compute(
                key,
                (same, known) ->
                        known != null && ResourceVersions.isOlder(record.resourceVersion(), known.resourceVersion())
                                ? known
                                : record);
        if (kept.equals(record)) {
            tell(Optional.ofNullable(before), Optional.of(record));
        }
        return before;
    }

    private @Nullable V remove(String key) {
        V before = records.remove(key);
        if (before != null) {
            tell(Optional.of(before), Optional.empty());
        }
        return before;
    }

    private void tell(Optional<V> before, Optional<V> after) {
        for (Listener<V> listener : listeners) {
            try {
                listener.changed(before, after);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed", e);
            }
        }
    }

    /** The records as the informer sees them. */
    private final class Records implements ItemStore<T> {
        @Override
        public String getKey(T object) {
            return keyOf(object);
        }

        @Override
        public @Nullable T put(String key, T object) {
            return shellOf(SlimInformer.this.put(key, object));
        }

        @Override
        public @Nullable T remove(String key) {
            return shellOf(SlimInformer.this.remove(key));
        }

        @Override
        public @Nullable T get(String key) {
            return shellOf(records.get(key));
        }

        @Override
        public Stream<String> keySet() {
            return records.keySet().stream();
        }

        @Override
        public Stream<T> values() {
            return records.values().stream().map(this::shell);
        }

        @Override
        public int size() {
            return records.size();
        }

        @Override
        public boolean isFullState() {
            return false;
        }

        private @Nullable T shellOf(@Nullable V record) {
            return record == null ? null : shell(record);
        }

        private T shell(V record) {
            T shell = blank.get();
            shell.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(record.namespace().isEmpty() ? null : record.namespace())
                    .withName(record.name())
                    .withResourceVersion(record.resourceVersion())
                    .build());
            return shell;
        }
    }
}
