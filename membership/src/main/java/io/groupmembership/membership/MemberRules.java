package io.groupmembership.membership;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is let into a group, and how a membership ends. */
final class MemberRules {
    /** The metadata in which an agent tells the UID of its pod. */
    private static final String POD_UID = "kubernetes.io/pod-uid";

    private final Tables tables;

    MemberRules(Tables tables) {
        this.tables = tables;
    }

    Result join(Command.Join join, Applying applying) {
        Optional<GroupState> group = tables.groups().getOrNew(join.group(), applying);
        if (group.isEmpty()) {
            Result full = new Result.Refused(Refusal.TOO_MANY_GROUPS, Limits.GROUPS);
            return new Result.Joins(join.joiners().stream().map(joiner -> full).toList());
        }
        NextView next = new NextView(tables, group.get(), applying);
        List<Result> results = new ArrayList<>(join.joiners().size());
        for (Joiner joiner : join.joiners()) {
            results.add(joinOne(joiner, next));
        }
        next.install();
        return new Result.Joins(List.copyOf(results));
    }

    private Result joinOne(Joiner joiner, NextView next) {
        GroupState group = next.group();
        MemberSpec spec = joiner.spec();
        Member current = group.members().sameId(spec);
        if (current != null) {
            if (isSameJoin(current.spec(), spec)) {
                return joined(false, current, group, next.isNew(current) ? next.number() : group.view());
            }
            if (next.isNew(current) || !mayReplace(joiner, current)) {
                return new Result.Refused(Refusal.OTHER_INSTANCE, current.incarnation());
            }
            next.remove(current, LeaveReason.REPLACED, Evidence.NONE);
        } else {
            Optional<RemovalRecord> ended = spec.hasAgent()
                    ? tables.removals().find(group.key(), spec.memberId(), spec.instance())
                    : Optional.empty();
            if (ended.isPresent()) {
                return new Result.Refused(Refusal.MEMBERSHIP_ENDED, ended.get().incarnation());
            }
            if (group.members().size() >= group.policy().maxMembers()) {
                return new Result.Refused(Refusal.GROUP_FULL, group.policy().maxMembers());
            }
        }
        return joined(true, next.add(spec), group, next.number());
    }

    /** Whoever names an incarnation means that one; who names none replaces no agent. */
    private static boolean mayReplace(Joiner joiner, Member current) {
        return joiner.replaces().isPresent()
                ? joiner.replaces().getAsLong() == current.incarnation() && !areTwoPods(joiner.spec(), current.spec())
                : !current.spec().hasAgent() && !joiner.spec().hasAgent();
    }

    /** A new pod under an old name proves nothing of the old pod: its machine may only be cut off. */
    private static boolean areTwoPods(MemberSpec joiner, MemberSpec current) {
        String pod = joiner.metadata().get(POD_UID);
        String currentPod = current.metadata().get(POD_UID);
        // by TCP or HTTP the new pod answers for the old one, which would never be out
        return current.mode() == HeartbeatMode.UDP && pod != null && currentPod != null && !pod.equals(currentPod);
    }

    /** With an agent its instance tells; without one, the same words are the same join. */
    private static boolean isSameJoin(MemberSpec current, MemberSpec joiner) {
        return current.hasAgent() ? current.instance().equals(joiner.instance()) : current.equals(joiner);
    }

    private Result joined(boolean created, Member member, GroupState group, long view) {
        GroupPolicy policy = group.policy();
        return new Result.Joined(
                created,
                member.incarnation(),
                view,
                tables.nodes().nodeId(member.monitorSlot()),
                policy.intervalMillis(),
                policy.misses());
    }

    Result leave(Command.Leave leave, Applying applying) {
        GroupState group = tables.groups().get(leave.group());
        Optional<Member> member =
                group == null ? Optional.empty() : group.members().find(leave.memberId());
        if (group == null || member.isEmpty()) {
            return new Result.Refused(Refusal.NOT_A_MEMBER, 0);
        }
        long incarnation = member.get().incarnation();
        if (leave.incarnation().isPresent() && leave.incarnation().getAsLong() != incarnation) {
            return new Result.Refused(Refusal.OTHER_INCARNATION, incarnation);
        }
        NextView next = new NextView(tables, group, applying);
        next.remove(member.get(), LeaveReason.LEFT, Evidence.NONE);
        next.install();
        return new Result.Left(incarnation, group.view());
    }

    Result remove(Command.Remove remove, Applying applying) {
        Map<GroupKey, NextView> next = new LinkedHashMap<>();
        int removed = 0;
        for (Command.Target target : remove.targets()) {
            GroupState group = tables.groups().get(target.group());
            Optional<Member> member = group == null
                    ? Optional.empty()
                    : group.members()
                            .find(target.memberId())
                            .filter(there -> there.incarnation() == target.incarnation()
                                    && there.assignmentEpoch() == target.assignmentEpoch());
            if (group != null && member.isPresent()) {
                next.computeIfAbsent(target.group(), key -> new NextView(tables, group, applying))
                        .remove(member.get(), target.reason(), target.evidence());
                removed++;
            }
        }
        next.values().forEach(NextView::install);
        return new Result.Removed(removed);
    }

    Result putPolicy(Command.PutPolicy put, Applying applying) {
        Optional<GroupState> group = tables.groups().getOrNew(put.group(), applying);
        if (group.isEmpty()) {
            return new Result.Refused(Refusal.TOO_MANY_GROUPS, Limits.GROUPS);
        }
        tables.groups().enter(group.get(), applying);
        // the default is no policy of a group's own: a group that has been set back to it may make room for others
        group.get().setOwnPolicy(Optional.of(put.policy()).filter(policy -> !policy.equals(GroupPolicy.DEFAULT)));
        applying.events().policyChanged(put.group(), put.policy());
        return new Result.Done();
    }
}
