package io.groupmembership.membership.detection;

import io.groupmembership.membership.Command.Target;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The suspicions that a leader has removed together, so that members which die together are one view.
 *
 * <p>The rule. From the first suspicion of a crash in a group, the leader waits until each live node has said lately that
 * no member of that group misses its rounds, but no longer than the group's interval, in which the rounds of all come
 * by, and one tick, in which the last of them is told; then all that are suspected by now go in one command. A leader
 * that is new thus hears every node first. Whoever was revoked goes at once: nobody dies with him.
 *
 * <p>What was proposed is proposed again where its outcome was not applied and the monitor still says so: proposals get
 * lost with a leader. Not thread-safe.
 */
public final class Cut {
    private static final long AGAIN_NANOS = MemberWatch.REPEAT_NANOS;

    private static final class Held {
        private Target target;
        private final long sinceNanos;
        private long proposedNanos;
        private boolean proposed;
        private boolean told = true;

        Held(Target target, long nowNanos) {
            this.target = target;
            this.sinceNanos = nowNanos;
        }

        boolean isDue(long nowNanos) {
            return !proposed || (told && nowNanos - proposedNanos >= AGAIN_NANOS);
        }
    }

    private record Missing(Map<GroupKey, Integer> members, long atNanos) {}

    private final ClusterTiming timing;
    private final Map<Long, Held> suspicions = new LinkedHashMap<>();
    private final Map<String, Missing> missing = new HashMap<>();

    public Cut(ClusterTiming timing) {
        this.timing = timing;
    }

    /** A monitor says that a member is gone. */
    public void suspected(Target target, long nowNanos) {
        Held held = suspicions.get(target.incarnation());
        if (held == null || held.target.assignmentEpoch() < target.assignmentEpoch()) {
            suspicions.put(target.incarnation(), new Held(target, nowNanos));
        } else if (held.target.assignmentEpoch() == target.assignmentEpoch()) {
            held.target = target;
            held.told = true;
        }
    }

    /** How many members of each group miss their rounds, as a monitor says with each beat. */
    public void missing(String nodeId, Map<GroupKey, Integer> members, long nowNanos) {
        missing.put(nodeId, new Missing(members, nowNanos));
    }

    /** Who is to be removed now, with one command. */
    public List<Target> due(MembershipState state, long nowNanos) {
        suspicions.values().removeIf(held -> !matters(held.target, state));
        Map<GroupKey, Long> firstNanos = new HashMap<>();
        for (Held held : suspicions.values()) {
            if (!held.proposed && isCrash(held)) {
                firstNanos.merge(held.target.group(), held.sinceNanos, (one, other) -> one - other < 0 ? one : other);
            }
        }
        List<Target> due = new ArrayList<>();
        for (Held held : suspicions.values()) {
            if (held.isDue(nowNanos)
                    && (held.proposed
                            || !isCrash(held)
                            || isComplete(held.target.group(), firstNanos, state, nowNanos))) {
                held.proposed = true;
                held.told = false;
                held.proposedNanos = nowNanos;
                due.add(held.target);
            }
        }
        return due;
    }

    private static boolean isCrash(Held held) {
        return held.target.reason() == LeaveReason.CRASHED;
    }

    private boolean isComplete(GroupKey group, Map<GroupKey, Long> firstNanos, MembershipState state, long nowNanos) {
        Long first = firstNanos.get(group);
        long longestNanos = state.policy(group).intervalMillis() * 1_000_000L + timing.tickNanos();
        return first == null
                || nowNanos - first >= longestNanos
                || state.nodes().stream()
                        .filter(NodeRecord::live)
                        .allMatch(node -> saysNoneMisses(missing.get(node.nodeId()), group, nowNanos));
    }

    private boolean saysNoneMisses(@Nullable Missing report, GroupKey group, long nowNanos) {
        return report != null
                && nowNanos - report.atNanos() < timing.nodeTimeoutNanos()
                && !report.members().containsKey(group);
    }

    private static boolean matters(Target target, MembershipState state) {
        Optional<Member> member = state.member(target.group(), target.memberId());
        return member.isPresent()
                && member.get().incarnation() == target.incarnation()
                && member.get().assignmentEpoch() == target.assignmentEpoch();
    }
}
