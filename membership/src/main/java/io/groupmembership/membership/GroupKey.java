package io.groupmembership.membership;

import java.util.Comparator;

/** The name of a group in its namespace. Ordered by namespace, then by name. */
public record GroupKey(String namespace, String name) implements Comparable<GroupKey> {
    private static final Comparator<GroupKey> ORDER =
            Comparator.comparing(GroupKey::namespace).thenComparing(GroupKey::name);

    /** Spelled out: monitors are chosen by it, and a record's own may differ between Java releases. */
    @Override
    public int hashCode() {
        return 31 * namespace.hashCode() + name.hashCode();
    }

    @Override
    public int compareTo(GroupKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
