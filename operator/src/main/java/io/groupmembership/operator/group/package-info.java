/**
 * Mirrors the groups of a cluster into Kubernetes: a {@code Group} object for each, with the view in its status, and
 * EndpointSlices for the Service that a group names. The other way, the policy in a group's spec goes to the nodes.
 *
 * <p>{@link io.groupmembership.operator.group.GroupMirror} puts it together; what is to be written is decided by {@code
 * GroupStatusDecision}, {@code PolicyDecision} and {@code slice.SlicePlan}, and when by {@code WriteLane}.
 */
@NullMarked
package io.groupmembership.operator.group;

import org.jspecify.annotations.NullMarked;
