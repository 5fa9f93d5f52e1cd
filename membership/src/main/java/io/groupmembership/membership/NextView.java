package io.groupmembership.membership;

import java.util.ArrayList;
import java.util.List;

/** The view of one group that a command is about to make. */
final class NextView {
    private final Tables tables;
    private final GroupState group;
    private final Applying applying;
    private final long joinsBefore;
    private final List<Member> joined = new ArrayList<>();
    private final List<ViewChange.Left> left = new ArrayList<>();

    NextView(Tables tables, GroupState group, Applying applying) {
        this.tables = tables;
        this.joinsBefore = tables.numbers().lastIncarnation();
        this.group = group;
        this.applying = applying;
    }

    GroupState group() {
        return group;
    }

    Applying applying() {
        return applying;
    }

    /** Of the view to be. */
    long number() {
        return group.view() + 1;
    }

    /** Says whether the member joins in this view, and is in none that anybody has seen. */
    boolean isNew(Member member) {
        return member.incarnation() > joinsBefore;
    }

    Member add(MemberSpec spec) {
        long incarnation = tables.numbers().nextIncarnation();
        tables.groups().addMembers(1);
        int slot = MonitorAssignment.choose(
                MonitorAssignment.place(group.key(), spec),
                tables.nodes(),
                tables.groups().memberCount());
        tables.nodes().addLoad(slot, 1);
        Member member = new Member(
                spec, incarnation, 1, slot, Math.toIntExact(group.policy().leaseMillis()), 0, null);
        group.members().add(member);
        joined.add(member.inHistory());
        applying.events().assigned(group.key(), member);
        return member;
    }

    void remove(Member member, LeaveReason reason, Evidence evidence) {
        group.members().remove(member);
        tables.groups().addMembers(-1);
        tables.nodes().addLoad(member.monitorSlot(), -1);
        left.add(new ViewChange.Left(member.inHistory(), reason));
        tables.removals()
                .add(new RemovalRecord(
                        group.key(),
                        member.memberId(),
                        member.incarnation(),
                        number(),
                        reason,
                        tables.nodes().nodeId(member.monitorSlot()),
                        applying.entry().leader(),
                        applying.entry().leaderMillis(),
                        member.spec().instance(),
                        evidence));
        applying.events().gone(group.key(), member);
    }

    void install() {
        if (joined.isEmpty() && left.isEmpty()) {
            return;
        }
        tables.groups().enter(group, applying);
        group.advance(applying.entry().leaderMillis(), applying.logIndex());
        ViewChange change = new ViewChange(
                tables.numbers().of(applying.logIndex()),
                group.key(),
                group.view(),
                group.leader(),
                List.copyOf(joined),
                List.copyOf(left));
        tables.history().add(change);
        applying.events().viewChanged(change);
    }
}
