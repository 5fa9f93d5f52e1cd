package io.groupmembership.node.watch;

import java.util.Map;

/** The events of one log entry, by who watches them. */
record EncodedEntry(Map<Watched, Frame> frames) {}
