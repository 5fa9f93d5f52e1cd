package io.groupmembership.node.monitor;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.PeerMessage;
import java.util.List;
import java.util.Map;

/**
 * Hears what a node finds out about the members that it monitors. Called on the event loop, so each call has to return
 * at once: hand over, don't wait. What is lost is said again.
 */
public interface MonitorListener {
    /** Members are gone: never empty, and said again every second or interval until the state says what became of it. */
    void suspected(List<Command.Target> targets);

    /** Members should have another monitor, or this one under a new epoch. */
    void reassign(List<Command.Assignment> assignments);

    /** Members miss their heartbeats: who of the other nodes reaches them? */
    void ask(List<PeerMessage.Question> questions);

    /** What this node found when others asked. */
    void answer(String asker, List<PeerMessage.Finding> findings);

    /**
     * The loop is alive, as it says every tick.
     *
     * @param nonce this node holds a lease from now on, once a beat with this number was agreed on and applied
     * @param missing how many members of each group miss their heartbeats and are not suspected yet
     */
    void beat(long nonce, Map<GroupKey, Integer> missing);
}
