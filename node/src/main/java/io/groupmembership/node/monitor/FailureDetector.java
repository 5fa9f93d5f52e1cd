package io.groupmembership.node.monitor;

import io.groupmembership.membership.PeerMessage;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Watches over members, and says which of them are gone.
 *
 * <p>What is watched is told by whoever applies the replicated state. Each of these methods returns at once, from any
 * thread: it only notes what is wanted, and the event loop takes it from there within one of its passes. Calls of one
 * thread take effect in their order. The incarnation is the key, as no two memberships of a cluster share one.
 */
public interface FailureDetector extends AutoCloseable {
    /**
     * Watches over this member from now on. A newer epoch begins anew; an older one than is watched is ignored. Under
     * the same epoch its policy and its revocation may be new. Without a lease, another interval or number of misses
     * begins anew too.
     */
    void monitor(MonitoredMember member);

    /** Ends the watch over this incarnation, if there is one. */
    void forget(long incarnation);

    /**
     * Watches over exactly these from now on, as after a snapshot was installed: others are forgotten, new ones are
     * monitored, and those that are watched already go on.
     */
    void retainOnly(Collection<MonitoredMember> members);

    /** The group has this view from now on: the number goes out with each ping to its members. */
    void viewChanged(String namespace, String group, long view);

    /** Which nodes are live. */
    void nodesAre(Set<String> nodeIds);

    /** A beat of this node was agreed on and applied, and everything before it. */
    void ticked(long nonce);

    /** Another node asks whether this one reaches a member. Dropped where too many ask at once. */
    void probe(MonitoredMember member, String asker);

    /** What another node found of members that this one asked for. Dropped where too much comes at once. */
    void probed(String by, List<PeerMessage.Finding> findings);

    /** What the detector is doing, as of the last pass of its loop. */
    MonitorStats stats();

    /** Ends the event loop, and waits for that for two seconds at most. No report begins afterwards. */
    @Override
    void close();
}
