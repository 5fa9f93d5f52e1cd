package io.groupmembership.node.duty;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.node.monitor.FailureDetector;
import io.groupmembership.node.monitor.MonitoredMember;
import io.groupmembership.node.monitor.SilentMember;
import io.groupmembership.node.monitor.SuspicionListener;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.node.raft.StateListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitors the members that the replicated state assigns to this node, and proposes to remove those that are silent.
 * The proposal names incarnation and assignment epoch, so it does nothing where the member has left, come back or got
 * another monitor meanwhile.
 */
public final class MonitorDuty implements StateListener, SuspicionListener {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorDuty.class);

    /** Members in one command: so many with their evidence fit into one log entry. */
    private static final int TARGETS = 5_000;

    private static final int RESULT_CHARACTERS = 60;
    private static final int NOT_REGISTERED = -2;

    private final String nodeId;
    private final Replica replica;
    private volatile @Nullable FailureDetector detector;
    private int slot = NOT_REGISTERED;

    public MonitorDuty(String nodeId, Replica replica) {
        this.nodeId = nodeId;
        this.replica = replica;
    }

    /** Tells who watches; must come before the first entry is applied. */
    public void setDetector(FailureDetector failureDetector) {
        detector = failureDetector;
    }

    private FailureDetector detector() {
        FailureDetector found = detector;
        if (found == null) {
            throw new IllegalStateException("no detector yet");
        }
        return found;
    }

    // ---- what the state says, on the thread that applies entries

    @Override
    public void replaced(MembershipState state) {
        slot = state.node(nodeId).map(NodeRecord::slot).orElse(NOT_REGISTERED);
        List<MonitoredMember> mine = new ArrayList<>();
        state.forEachMonitoredBy(
                slot,
                (group, member) ->
                        mine.add(monitored(group.group(), member, state.policy(group.group()), group.view())));
        detector().retainOnly(mine);
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
    }

    @Override
    public void assigned(GroupKey group, Member member) {
        if (member.monitorSlot() == slot) {
            detector()
                    .monitor(replica.read(
                            state -> monitored(group, member, state.policy(group), state.viewNumber(group))));
        } else if (member.assignmentEpoch() > 1) {
            detector().forget(member.incarnation());
        }
    }

    @Override
    public void gone(GroupKey group, Member member) {
        if (member.monitorSlot() == slot) {
            detector().forget(member.incarnation());
        }
    }

    @Override
    public void policyChanged(GroupKey group, GroupPolicy policy) {
        replica.read(state -> state.view(group))
                .ifPresent(view -> view.members().stream()
                        .filter(member -> member.monitorSlot() == slot)
                        .forEach(member -> detector().monitor(monitored(group, member, policy, view.view()))));
    }

    @Override
    public void viewChanged(ViewChange change) {
        detector().viewChanged(change.group().namespace(), change.group().name(), change.view());
    }

    private static MonitoredMember monitored(GroupKey group, Member member, GroupPolicy policy, long view) {
        return new MonitoredMember(
                group.namespace(),
                group.name(),
                member.memberId(),
                member.incarnation(),
                member.assignmentEpoch(),
                member.spec().mode(),
                member.spec().heartbeatAddress(),
                Duration.ofMillis(policy.intervalMillis()),
                policy.misses(),
                view);
    }

    // ---- what the detector says, on its event loop

    @Override
    public void silent(List<SilentMember> members) {
        LOG.info("{} silent members are proposed for removal", members.size());
        for (int from = 0; from < members.size(); from += TARGETS) {
            List<Command.Target> targets = members.subList(from, Math.min(members.size(), from + TARGETS)).stream()
                    .map(this::target)
                    .toList();
            // what is lost is reported again after another interval
            var _ = replica.submit(new Request(Optional.empty(), new Command.Remove(targets)))
                    .whenComplete((result, failure) -> {
                        if (failure != null) {
                            LOG.info("{} removals were not agreed on: {}", targets.size(), failure.getMessage());
                        }
                    });
        }
    }

    private Command.Target target(SilentMember silent) {
        MonitoredMember member = silent.member();
        List<Evidence.Probe> probes = silent.probes().stream()
                .map(probe -> new Evidence.Probe(nodeId, probe.path(), shortened(probe.result())))
                .toList();
        return new Command.Target(
                new GroupKey(member.namespace(), member.group()),
                member.memberId(),
                member.incarnation(),
                member.assignmentEpoch(),
                LeaveReason.CRASHED,
                new Evidence(silent.answeredBefore() ? silent.lastAckMillisAgo() : -1, probes, silent.monitorHealth()));
    }

    private static String shortened(String result) {
        return result.length() <= RESULT_CHARACTERS ? result : result.substring(0, RESULT_CHARACTERS);
    }
}
