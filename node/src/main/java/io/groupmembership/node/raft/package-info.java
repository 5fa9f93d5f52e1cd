/** Replication: one Ratis group around the membership state. */
@NullMarked
package io.groupmembership.node.raft;

import org.jspecify.annotations.NullMarked;
