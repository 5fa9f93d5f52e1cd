package io.groupmembership.membership;

/** What must hold of a key for a write to take place. */
public sealed interface KvCondition {
    /** Anything goes. */
    record Always() implements KvCondition {}

    /** The key must not exist. */
    record Absent() implements KvCondition {}

    /** The key must exist. */
    record Present() implements KvCondition {}

    /** The key must have this version. */
    record VersionIs(long version) implements KvCondition {}

    /** The key must not have this version. */
    record VersionIsNot(long version) implements KvCondition {}

    /** Says whether this holds of a key at a version, 0 where the key does not exist. */
    default boolean holds(long version) {
        return switch (this) {
            case Always() -> true;
            case Absent() -> version == 0;
            case Present() -> version != 0;
            case VersionIs(long wanted) -> version == wanted;
            case VersionIsNot(long unwanted) -> version != unwanted;
        };
    }
}
