/**
 * What the nodes of a cluster say of its groups, kept up to date by one stream of events.
 *
 * <p>{@link io.groupmembership.operator.group.follow.ClusterFollower} holds the connection, {@code EventReader} reads
 * events from it, {@link io.groupmembership.operator.group.follow.MirroredGroups} is what they add up to.
 */
@NullMarked
package io.groupmembership.operator.group.follow;

import org.jspecify.annotations.NullMarked;
