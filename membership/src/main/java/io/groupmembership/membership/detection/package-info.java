/**
 * How a member's crash is found out, and how it comes about that nobody is removed who still believes to be a member.
 *
 * <p>{@link io.groupmembership.membership.detection.NodeMonitor} is what each node does for the members that it
 * monitors, {@link io.groupmembership.membership.detection.NodeRoll} and
 * {@link io.groupmembership.membership.detection.Cut} what the leader does with what it hears from them. Time is an argument: nanoseconds of a clock of each node's own, which counts a suspension of the machine.
 */
@NullMarked
package io.groupmembership.membership.detection;

import org.jspecify.annotations.NullMarked;
