package io.groupmembership.membership;

/**
 * One membership. Immutable: a new monitor makes a new object, so a reader that copied references keeps a true picture.
 *
 * @param incarnation larger than that of every earlier join in the cluster
 * @param assignmentEpoch grows each time the member gets another monitor
 * @param monitorSlot the slot of the monitoring node in {@link NodeTable}, or {@link NodeTable#NO_NODE}
 */
public record Member(MemberSpec spec, long incarnation, int assignmentEpoch, int monitorSlot) {
    Member assignedTo(int newMonitorSlot) {
        return new Member(spec, incarnation, assignmentEpoch + 1, newMonitorSlot);
    }

    public String memberId() {
        return spec.memberId();
    }
}
