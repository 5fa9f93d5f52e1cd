package io.groupmembership.membership;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The last removal of each instance of each member: at most {@value #MAX_RECORDS}, with at most {@value #MAX_ITEMS}
 * probes and figures of evidence among them; the oldest go first.
 *
 * <p>An instance that was replaced is remembered beside its successor: a late retry of its join must not bring it back
 * when the successor has gone too.
 */
final class RemovalRecords {
    static final int MAX_RECORDS = 20_000;
    static final int MAX_ITEMS = 100_000;

    private record Id(GroupKey group, String memberId) {}

    private record Life(Id id, Optional<UUID> instance) {}

    private final Map<Life, RemovalRecord> records = new LinkedHashMap<>();
    private final Map<Id, RemovalRecord> latest = new HashMap<>();
    private int items;

    void add(RemovalRecord removal) {
        Id id = new Id(removal.group(), removal.memberId());
        Life life = new Life(id, removal.instance());
        RemovalRecord before = records.remove(life);
        items += removal.evidence().items()
                - (before == null ? 0 : before.evidence().items());
        records.put(life, removal);
        latest.put(id, removal);
        while (records.size() > MAX_RECORDS || (items > MAX_ITEMS && records.size() > 1)) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        Life oldest = records.keySet().iterator().next();
        RemovalRecord gone = records.remove(oldest);
        if (gone != null) {
            items -= gone.evidence().items();
            latest.remove(oldest.id(), gone);
        }
    }

    /** The last removal of whoever had this id. */
    Optional<RemovalRecord> find(GroupKey group, String memberId) {
        return Optional.ofNullable(latest.get(new Id(group, memberId)));
    }

    /** How the membership of this instance ended. */
    Optional<RemovalRecord> find(GroupKey group, String memberId, Optional<UUID> instance) {
        return Optional.ofNullable(records.get(new Life(new Id(group, memberId), instance)));
    }

    /** Every record, the oldest first. */
    Collection<RemovalRecord> all() {
        return records.values();
    }
}
