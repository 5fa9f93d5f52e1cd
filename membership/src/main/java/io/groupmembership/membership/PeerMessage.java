package io.groupmembership.membership;

import java.util.List;
import java.util.Map;

/** What nodes tell each other beside the log. What is lost is told again. */
public sealed interface PeerMessage {
    /**
     * To the leader: this node is there, and how its members do.
     *
     * @param missing how many members of each group miss their heartbeats and are not suspected yet
     */
    record Report(Command.Beat beat, Map<GroupKey, Integer> missing) implements PeerMessage {}

    /** To the leader: these members are gone. */
    record Suspicions(List<Command.Target> targets) implements PeerMessage {}

    /** To every other node: who of you reaches these members? */
    record Questions(String asker, List<Question> questions) implements PeerMessage {}

    record Question(GroupKey group, String memberId, long incarnation, int assignmentEpoch) {}

    /** To the asker. */
    record Findings(String by, List<Finding> findings) implements PeerMessage {}

    record Finding(long incarnation, int assignmentEpoch, boolean reached) {}
}
