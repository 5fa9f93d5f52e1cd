package io.groupmembership.membership;

/** What the rules read and write. */
record Tables(
        Numbers numbers,
        GroupTable groups,
        NodeTable nodes,
        ChangeHistory history,
        RemovalRecords removals,
        KvStore store) {}
