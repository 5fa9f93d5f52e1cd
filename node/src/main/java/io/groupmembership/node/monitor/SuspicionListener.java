package io.groupmembership.node.monitor;

import java.util.List;

/** Hears of members that are silent. */
@FunctionalInterface
public interface SuspicionListener {
    /**
     * Each of these members has left its pings unanswered, as many in a row as its group's policy allows. Called on the
     * event loop, once a pass at most, so it has to return at once: hand over, don't wait.
     *
     * <p>A member that stays silent and isn't forgotten is reported again after each further interval, as what was
     * proposed the first time may be lost.
     *
     * @param members never empty
     */
    void silent(List<SilentMember> members);
}
