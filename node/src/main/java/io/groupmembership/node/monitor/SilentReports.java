package io.groupmembership.node.monitor;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.LeaveReason;
import java.util.List;

/** What is told of members without an agent that are silent. */
record SilentReports(String nodeId) {
    private static final int RESULT_CHARACTERS = 60;

    Command.Target target(SilentMember silent) {
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
