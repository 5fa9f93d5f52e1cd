package io.groupmembership.node.monitor;

import java.util.Collection;

/**
 * Watches over members and reports those that are silent.
 *
 * <p>What is watched is told by whoever applies the replicated state. Each of these methods returns at once, from any
 * thread: it only notes what is wanted, and the event loop takes it from there within one of its passes. Calls of one
 * thread take effect in their order. The incarnation is the key, as no two memberships of a cluster share one.
 */
public interface FailureDetector extends AutoCloseable {
    /**
     * Watches over this member from now on. A newer epoch, or another mode, address, interval or number of misses,
     * begins with a fresh count; an older epoch than the one that is watched is ignored; anything else changes nothing
     * but the view number.
     */
    void monitor(MonitoredMember member);

    /** Ends the watch over this incarnation, if there is one. */
    void forget(long incarnation);

    /**
     * Watches over exactly these from now on, as after a snapshot was installed: others are forgotten, new ones are
     * monitored, and those that are watched already keep their counts.
     */
    void retainOnly(Collection<MonitoredMember> members);

    /** The group has this view from now on: the number goes out with each ping to its members. */
    void viewChanged(String namespace, String group, long view);

    /** What the detector is doing, as of the last pass of its loop. */
    MonitorStats stats();

    /** Ends the event loop, and waits for that for two seconds at most. No report begins afterwards. */
    @Override
    void close();
}
