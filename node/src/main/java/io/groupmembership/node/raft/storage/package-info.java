/** What is on a node's volume before Raft starts: whether all of it is there, and what can be mended without the others. */
@NullMarked
package io.groupmembership.node.raft.storage;

import org.jspecify.annotations.NullMarked;
