package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process has applied, so that a look at a cluster need not apply it again. An object is due when something
 * else is wanted of it, when its generation is another than this process left, and always after
 * {@link #AGAIN_AFTER}: what others did to it is undone by then.
 */
final class AppliedObjects {
    static final Duration AGAIN_AFTER = Duration.ofMinutes(1);

    private record Applied(HasMetadata wanted, @Nullable Long generation, long atNanos) {}

    private final LongSupplier nanos;
    private final Map<String, Applied> last = new ConcurrentHashMap<>();

    /** @param nanos from any origin */
    AppliedObjects(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Of an object that was not looked at. */
    boolean isDue(HasMetadata wanted) {
        Applied applied = last.get(key(wanted));
        return applied == null || isOld(applied) || !applied.wanted.equals(wanted);
    }

    /** @param there the object as it was seen */
    boolean isDue(HasMetadata wanted, HasMetadata there) {
        Applied applied = last.get(key(wanted));
        return isDue(wanted)
                || applied == null
                || !Objects.equals(applied.generation, there.getMetadata().getGeneration());
    }

    /** @param there the object as it was after that */
    void applied(HasMetadata wanted, HasMetadata there) {
        last.values().removeIf(this::isOld);
        last.put(key(wanted), new Applied(wanted, there.getMetadata().getGeneration(), nanos.getAsLong()));
    }

    private boolean isOld(Applied applied) {
        return nanos.getAsLong() - applied.atNanos >= AGAIN_AFTER.toNanos();
    }

    private static String key(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }
}
