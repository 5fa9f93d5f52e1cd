package io.groupmembership.membership;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The last removal of each member, the latest {@value #MAX_RECORDS} of them; the oldest go first. */
final class RemovalRecords {
    static final int MAX_RECORDS = 20_000;

    private record Key(GroupKey group, String memberId) {}

    private final Map<Key, RemovalRecord> records = new LinkedHashMap<>();

    void add(RemovalRecord removal) {
        Key key = new Key(removal.group(), removal.memberId());
        records.remove(key);
        records.put(key, removal);
        if (records.size() > MAX_RECORDS) {
            records.remove(records.keySet().iterator().next());
        }
    }

    Optional<RemovalRecord> find(GroupKey group, String memberId) {
        return Optional.ofNullable(records.get(new Key(group, memberId)));
    }

    /** Every record, the oldest first. */
    Collection<RemovalRecord> all() {
        return records.values();
    }
}
