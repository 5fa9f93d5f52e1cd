package io.groupmembership.e2e.client;

import java.time.Duration;
import java.util.List;

/** The nodes of a cluster that clients may ask. */
public interface Nodes {
    /** For whatever has to happen; nothing here is about speed. */
    Duration LIMIT = Duration.ofSeconds(60);

    /** Of the nodes that run now. */
    List<NodeApi> apis();
}
