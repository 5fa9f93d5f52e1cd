/** From a GroupMembershipCluster to its nodes: one step at a time, chosen from what is there. */
@NullMarked
package io.groupmembership.operator.cluster;

import org.jspecify.annotations.NullMarked;
