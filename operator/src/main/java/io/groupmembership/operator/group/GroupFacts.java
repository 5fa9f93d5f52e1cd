package io.groupmembership.operator.group;

import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.GroupSummary;
import io.groupmembership.operator.injection.ClusterKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link GroupStatusDecision} is made from.
 *
 * @param cluster whose mirror decides
 * @param group as the nodes last showed it; {@link GroupSummary#NONE} where they don't know it, empty where they have
 *     not been read since the operator started
 * @param reach whether they can be read now
 * @param object the object of that name, if there is one
 * @param policy at the nodes, and whether it is what the object asks for
 * @param binding of the Service; empty where the object names none
 * @param alsoIn other clusters that have members in a group of this name
 */
record GroupFacts(
        ClusterKey cluster,
        GroupKey key,
        Optional<GroupSummary> group,
        Reach reach,
        Optional<GroupObject> object,
        NamespaceVerdict namespace,
        PolicyState policy,
        Optional<ServiceBinding> binding,
        List<ClusterKey> alsoIn,
        Instant now) {
    /** Whether the nodes can be read. */
    enum Reach {
        CONNECTED,
        /** Not now, but they could a moment ago: nothing to tell anybody yet. */
        INTERRUPTED,
        LOST
    }

    /** Whether the group's namespace may have groups of this cluster. */
    enum NamespaceVerdict {
        ALLOWED,
        NOT_ALLOWED,
        /** There is none, or it is being deleted. */
        MISSING
    }
}
