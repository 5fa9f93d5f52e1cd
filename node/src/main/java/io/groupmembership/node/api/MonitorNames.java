package io.groupmembership.node.api;

import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import java.util.List;

/**
 * The nodeId behind each monitor slot. A slot never gets another node, so names that were read once stay true; a newer
 * slot may be missing.
 */
public final class MonitorNames {
    private final String[] bySlot;

    private MonitorNames(String[] bySlot) {
        this.bySlot = bySlot;
    }

    public static MonitorNames of(MembershipState state) {
        List<NodeRecord> nodes = state.nodes();
        String[] bySlot = new String[nodes.size()];
        nodes.forEach(node -> bySlot[node.slot()] = node.nodeId());
        return new MonitorNames(bySlot);
    }

    /** Says whether the slot is one that has a name here; no slot at all has. */
    public boolean covers(int slot) {
        return slot < bySlot.length;
    }

    /** The nodeId, empty where no node monitors. */
    public String of(int slot) {
        return slot < 0 || slot >= bySlot.length ? "" : bySlot[slot];
    }
}
