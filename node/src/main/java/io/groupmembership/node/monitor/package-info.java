/**
 * Watches over the members that this node monitors, by heartbeats, and says which of them are silent.
 *
 * <p>Go in by {@link io.groupmembership.node.monitor.FailureDetector}; what comes out goes to a
 * {@link io.groupmembership.node.monitor.SuspicionListener}. The rule is in
 * {@link io.groupmembership.node.monitor.HeartbeatSchedule}, which has neither socket nor clock. Everything else here
 * is one event loop ({@link io.groupmembership.node.monitor.HeartbeatDetector}) that carries it out. Nothing here knows
 * of Raft, of views' contents or of how a removal is agreed on.
 */
@NullMarked
package io.groupmembership.node.monitor;

import org.jspecify.annotations.NullMarked;
