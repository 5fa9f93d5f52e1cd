package io.groupmembership.membership;

import io.groupmembership.protocol.Limits;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The key-value entries, by key. Every write gets a version of its own. */
final class KvStore {
    private static final int OVERHEAD_BYTES = 64;

    private final TreeMap<String, KvEntry> entries = new TreeMap<>();
    private long lastVersion;
    private long bytes;

    KvStore(long lastVersion) {
        this.lastVersion = lastVersion;
    }

    Result put(Command.KvPut put) {
        KvEntry before = entries.get(put.key());
        long version = before == null ? 0 : before.version();
        if (!put.condition().holds(version)) {
            return new Result.Refused(Result.Refusal.CONDITION_FAILED, version);
        }
        long bytesAfter = bytes + size(put.key(), put.value()) - (before == null ? 0 : size(put.key(), before.value()));
        if (bytesAfter > Limits.STORE_BYTES) {
            return new Result.Refused(Result.Refusal.STORE_FULL, Limits.STORE_BYTES);
        }
        lastVersion++;
        restore(put.key(), new KvEntry(put.value(), lastVersion));
        return new Result.Written(lastVersion, before == null);
    }

    Result delete(Command.KvDelete delete) {
        KvEntry before = entries.get(delete.key());
        long version = before == null ? 0 : before.version();
        if (!delete.condition().holds(version)) {
            return new Result.Refused(Result.Refusal.CONDITION_FAILED, version);
        }
        if (before == null) {
            return new Result.Refused(Result.Refusal.KEY_NOT_FOUND, 0);
        }
        entries.remove(delete.key());
        bytes -= size(delete.key(), before.value());
        return new Result.Done();
    }

    Optional<KvEntry> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    void restore(String key, KvEntry entry) {
        KvEntry before = entries.put(key, entry);
        bytes += size(key, entry.value()) - (before == null ? 0 : size(key, before.value()));
    }

    /** Gives every value another version, in the order of keys: each is larger than this, and so are later ones. */
    void raiseVersions(long floor) {
        lastVersion = Math.max(lastVersion, floor);
        entries.replaceAll((_, entry) -> new KvEntry(entry.value(), ++lastVersion));
    }

    long lastVersion() {
        return lastVersion;
    }

    long bytes() {
        return bytes;
    }

    int size() {
        return entries.size();
    }

    Map<String, KvEntry> all() {
        return entries;
    }

    private static long size(String key, byte[] value) {
        return OVERHEAD_BYTES + key.length() + (long) value.length;
    }
}
