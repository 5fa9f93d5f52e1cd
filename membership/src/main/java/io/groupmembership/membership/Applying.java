package io.groupmembership.membership;

/** What a command is applied with. */
record Applying(Entry entry, long logIndex, EventSink events) {}
