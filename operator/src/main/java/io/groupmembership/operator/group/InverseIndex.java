package io.groupmembership.operator.group;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which keys have which value. Thread-safe. */
final class InverseIndex<V, K> {
    private final Map<V, Set<K>> keys = new HashMap<>();

    synchronized void set(V value, K key, boolean present) {
        if (present) {
            keys.computeIfAbsent(value, first -> new HashSet<>()).add(key);
            return;
        }
        Set<K> known = keys.get(value);
        if (known != null) {
            known.remove(key);
            if (known.isEmpty()) {
                keys.remove(value);
            }
        }
    }

    synchronized Set<K> of(V value) {
        return Set.copyOf(keys.getOrDefault(value, Set.of()));
    }
}
