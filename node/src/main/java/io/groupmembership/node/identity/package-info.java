/** Who this node is: the cluster that it belongs to, and the peer that its volume stands for. */
@NullMarked
package io.groupmembership.node.identity;

import org.jspecify.annotations.NullMarked;
