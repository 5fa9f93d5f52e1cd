package io.groupmembership.operator.group.follow;

import java.util.Comparator;

/** A group's name in its namespace; also the name of its {@code Group} object. */
public record GroupKey(String namespace, String name) implements Comparable<GroupKey> {
    private static final Comparator<GroupKey> ORDER =
            Comparator.comparing(GroupKey::namespace).thenComparing(GroupKey::name);

    @Override
    public int compareTo(GroupKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
