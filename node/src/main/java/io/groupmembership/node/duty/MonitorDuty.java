package io.groupmembership.node.duty;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.node.monitor.FailureDetector;
import io.groupmembership.node.monitor.MonitoredMember;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.node.raft.StateListener;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Has the detector watch over the members that the replicated state assigns to this node. */
public final class MonitorDuty implements StateListener {
    private static final int NOT_REGISTERED = -2;

    private final String nodeId;
    private final Replica replica;
    private final FailureDetector detector;
    private int slot = NOT_REGISTERED;

    public MonitorDuty(String nodeId, Replica replica, FailureDetector detector) {
        this.nodeId = nodeId;
        this.replica = replica;
        this.detector = detector;
    }

    @Override
    public void replaced(MembershipState state) {
        slot = state.node(nodeId).map(NodeRecord::slot).orElse(NOT_REGISTERED);
        List<MonitoredMember> mine = new ArrayList<>();
        state.forEachMonitoredBy(
                slot,
                (group, member) ->
                        mine.add(monitored(group.group(), member, state.policy(group.group()), group.view())));
        detector.retainOnly(mine);
        tellNodes(state);
    }

    @Override
    public void recovered() {
        replica.read(state -> {
            replaced(state);
            return state;
        });
    }

    @Override
    public void nodeChanged(NodeRecord node) {
        if (node.nodeId().equals(nodeId)) {
            slot = node.slot();
        }
        replica.read(state -> {
            tellNodes(state);
            return state;
        });
    }

    private void tellNodes(MembershipState state) {
        detector.nodesAre(state.nodes().stream()
                .filter(NodeRecord::live)
                .map(NodeRecord::nodeId)
                .collect(Collectors.toSet()));
    }

    @Override
    public void assigned(GroupKey group, Member member) {
        if (member.monitorSlot() == slot) {
            watch(group, member);
        } else if (member.assignmentEpoch() > 1) {
            detector.forget(member.incarnation());
        }
    }

    @Override
    public void revoked(GroupKey group, Member member) {
        if (member.monitorSlot() == slot) {
            watch(group, member);
        }
    }

    private void watch(GroupKey group, Member member) {
        detector.monitor(replica.read(state -> monitored(group, member, state.policy(group), state.viewNumber(group))));
    }

    @Override
    public void gone(GroupKey group, Member member) {
        if (member.monitorSlot() == slot) {
            detector.forget(member.incarnation());
        }
    }

    @Override
    public void policyChanged(GroupKey group, GroupPolicy policy) {
        replica.read(state -> state.view(group))
                .ifPresent(view -> view.members().stream()
                        .filter(member -> member.monitorSlot() == slot)
                        .forEach(member -> detector.monitor(monitored(group, member, policy, view.view()))));
    }

    @Override
    public void viewChanged(ViewChange change) {
        detector.viewChanged(change.group().namespace(), change.group().name(), change.view());
    }

    @Override
    public void ticked(String ofNode, long nonce) {
        if (ofNode.equals(nodeId)) {
            detector.ticked(nonce);
        }
    }

    private static MonitoredMember monitored(GroupKey group, Member member, GroupPolicy policy, long view) {
        return new MonitoredMember(new Charge(group, member, policy), view);
    }
}
