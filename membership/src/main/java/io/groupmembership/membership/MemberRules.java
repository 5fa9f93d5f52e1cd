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
import java.util.OptionalLong;
import java.util.UUID;

/** Who is let into a group, and how a membership ends. */
class MemberRules {
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
        if (current != null && isSameJoin(current.spec(), spec)) {
            return joined(false, current, group, next.isNew(current) ? next.number() : group.view());
        }
        Optional<RemovalRecord> ended = spec.hasAgent()
                ? tables.removals().find(group.key(), spec.memberId(), spec.instance())
                : Optional.empty();
        if (ended.isPresent()) {
            return new Result.Refused(Refusal.MEMBERSHIP_ENDED, ended.get().incarnation());
        }
        if (current != null) {
            if (isSuccessor(spec, current)) {
                return new Result.Revoked(current.incarnation());
            }
            if (next.isNew(current) || !mayReplace(joiner, current)) {
                return new Result.Refused(Refusal.OTHER_INSTANCE, current.incarnation());
            }
            if (hasLease(current)) {
                LeaveReason reason = current.revocation() == null
                        ? LeaveReason.REPLACED
                        : current.revocation().reason();
                return revoke(current, new Revocation(reason, Optional.of(spec)), next);
            }
            next.remove(current, LeaveReason.REPLACED, Evidence.NONE);
        } else if (group.members().size() >= group.policy().maxMembers()) {
            return new Result.Refused(Refusal.GROUP_FULL, group.policy().maxMembers());
        }
        return joined(true, next.add(spec), group, next.number());
    }

    /** Whoever names an incarnation means that one; who names none replaces no agent. */
    private static boolean mayReplace(Joiner joiner, Member current) {
        return joiner.replaces().isPresent()
                ? joiner.replaces().getAsLong() == current.incarnation()
                : !current.spec().hasAgent() && !joiner.spec().hasAgent();
    }

    private boolean isSuccessor(MemberSpec spec, Member current) {
        return current.revocation() != null
                && current.revocation()
                        .successor()
                        .filter(successor -> isSameJoin(successor, spec))
                        .isPresent();
    }

    /** Whether the member itself knows when its membership is over. Without an agent nobody could tell it. */
    private static boolean hasLease(Member member) {
        return member.spec().mode() == HeartbeatMode.UDP;
    }

    /**
     * Ends a membership whose member may still believe in it: not now, but when that is surely over. Its monitor
     * confirms it no more from when it applies this, waits out what it has granted, and then has it removed.
     */
    Result revoke(Member member, Revocation why, NextView next) {
        Member revoked = member.revoked(why);
        next.group().members().replace(revoked);
        next.applying().events().revoked(next.group().key(), revoked);
        return new Result.Revoked(member.incarnation());
    }

    Result revoke(Command.Revoke revoke, Applying applying) {
        return ending(revoke.group(), revoke.memberId(), revoke.incarnation(), applying, (member, next) -> {
            if (!hasLease(member)) {
                end(member, LeaveReason.EVICTED, Evidence.NONE, next);
                return new Result.Left(member.incarnation(), next.number());
            }
            return evict(member, next);
        });
    }

    private Result evict(Member member, NextView next) {
        return member.revocation() == null
                ? revoke(member, new Revocation(LeaveReason.EVICTED, Optional.empty()), next)
                : new Result.Revoked(member.incarnation());
    }

    /** With an agent its instance tells; without one, the same words are the same join. */
    boolean isSameJoin(MemberSpec current, MemberSpec joiner) {
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

    /**
     * Who names the incarnation is the member itself, and believes in it no more. Anybody else can only have a member
     * with a lease revoked.
     */
    Result leave(Command.Leave leave, Applying applying) {
        return ending(leave.group(), leave.memberId(), leave.incarnation(), applying, (member, next) -> {
            if (leave.incarnation().isEmpty() && hasLease(member)) {
                return evict(member, next);
            }
            end(member, LeaveReason.LEFT, Evidence.NONE, next);
            return new Result.Left(member.incarnation(), next.number());
        });
    }

    /**
     * Who does not know whether it is in, as its join was not answered or has to wait, says that it is not to be: it
     * believes in nothing. Nobody else is touched.
     */
    Result withdraw(Command.Withdraw withdraw, Applying applying) {
        GroupState group = tables.groups().get(withdraw.group());
        Optional<Member> found =
                group == null ? Optional.empty() : group.members().find(withdraw.memberId());
        if (group == null || found.isEmpty()) {
            return new Result.Done();
        }
        Member member = found.get();
        Optional<UUID> instance = Optional.of(withdraw.instance());
        Revocation revocation = member.revocation();
        NextView next = new NextView(tables, group, applying);
        if (member.spec().instance().equals(instance)) {
            end(member, LeaveReason.LEFT, Evidence.NONE, next);
            Result left = new Result.Left(member.incarnation(), next.number());
            next.install();
            return left;
        }
        if (revocation != null
                && revocation.successor().flatMap(MemberSpec::instance).equals(instance)) {
            Result _ = revoke(member, new Revocation(revocation.reason(), Optional.empty()), next);
        }
        return new Result.Done();
    }

    private interface Ending {
        Result of(Member member, NextView next);
    }

    private Result ending(GroupKey key, String memberId, OptionalLong incarnation, Applying applying, Ending ending) {
        GroupState group = tables.groups().get(key);
        Optional<Member> member =
                group == null ? Optional.empty() : group.members().find(memberId);
        if (group == null || member.isEmpty()) {
            return new Result.Refused(Refusal.NOT_A_MEMBER, 0);
        }
        if (!isMeant(member.get(), incarnation)) {
            return new Result.Refused(Refusal.OTHER_INCARNATION, member.get().incarnation());
        }
        NextView next = new NextView(tables, group, applying);
        Result result = ending.of(member.get(), next);
        next.install();
        return result;
    }

    boolean isMeant(Member member, OptionalLong incarnation) {
        return incarnation.isEmpty() || incarnation.getAsLong() == member.incarnation();
    }

    /** Takes a member out, and lets its successor in where one waits. */
    private static void end(Member member, LeaveReason reason, Evidence evidence, NextView next) {
        next.remove(member, reason, evidence);
        if (member.revocation() != null) {
            member.revocation().successor().ifPresent(next::add);
        }
    }

    Result remove(Command.Remove remove, Applying applying) {
        Map<GroupKey, NextView> next = new LinkedHashMap<>();
        int removed = 0;
        for (Command.Target target : remove.targets()) {
            GroupState group = tables.groups().get(target.group());
            Optional<Member> member = group == null
                    ? Optional.empty()
                    : group.members().find(target.memberId()).filter(there -> isMeant(there, target));
            if (group != null && member.isPresent()) {
                end(
                        member.get(),
                        target.reason(),
                        target.evidence(),
                        next.computeIfAbsent(target.group(), key -> new NextView(tables, group, applying)));
                removed++;
            }
        }
        next.values().forEach(NextView::install);
        return new Result.Removed(removed);
    }

    /** What was found out under an older epoch says nothing of what the monitor of today has confirmed since. */
    boolean isMeant(Member member, Command.Target target) {
        return member.incarnation() == target.incarnation() && member.assignmentEpoch() == target.assignmentEpoch();
    }

    Result putPolicy(Command.PutPolicy put, Applying applying) {
        Optional<GroupState> group = tables.groups().getOrNew(put.group(), applying);
        if (group.isEmpty()) {
            return new Result.Refused(Refusal.TOO_MANY_GROUPS, Limits.GROUPS);
        }
        tables.groups().enter(group.get(), applying);
        // the default is no policy of a group's own: a group that has been set back to it may make room for others
        group.get().setOwnPolicy(Optional.of(put.policy()).filter(policy -> !policy.equals(GroupPolicy.DEFAULT)));
        long leaseMillis = group.get().policy().leaseMillis();
        for (Member member : group.get().members().toArray()) {
            group.get().members().replace(member.withLeaseOf(leaseMillis));
        }
        applying.events().policyChanged(put.group(), put.policy());
        return new Result.Done();
    }
}
