package io.groupmembership.membership;

import io.groupmembership.membership.Result.Refusal;
import java.util.Optional;

/** Which nodes there are, and who monitors whom when one comes or goes. */
final class NodeRules {
    private final Tables tables;

    NodeRules(Tables tables) {
        this.tables = tables;
    }

    Result nodeUp(Command.NodeUp up, Applying applying) {
        Optional<NodeRecord> known = tables.nodes().find(up.nodeId());
        if (known.isEmpty() && tables.nodes().slots() >= NodeTable.MAX_NODES) {
            return new Result.Refused(Refusal.TOO_MANY_NODES, NodeTable.MAX_NODES);
        }
        int slot = known.map(NodeRecord::slot).orElse(tables.nodes().slots());
        int liveness = known.map(NodeRecord::liveness).orElse(0);
        boolean wasLive = known.map(NodeRecord::live).orElse(false);
        NodeRecord node = new NodeRecord(
                slot,
                up.nodeId(),
                up.address(),
                up.udpAddress(),
                up.hashKey(),
                true,
                wasLive ? liveness : liveness + 1,
                known.map(NodeRecord::members).orElse(0));
        if (known.isPresent() && known.get().equals(node)) {
            return new Result.Done();
        }
        tables.nodes().put(node);
        applying.events().nodeChanged(node);
        if (!wasLive) {
            reassign(applying, (group, member) -> monitorWith(slot, group, member));
        }
        return new Result.Done();
    }

    /** The monitor of a member once this node is live: the node, where it scores higher and has room, or the old one. */
    private int monitorWith(int slot, GroupKey group, Member member) {
        int current = member.monitorSlot();
        long place = MonitorAssignment.place(group, member.spec());
        if (current == NodeTable.NO_NODE || !tables.nodes().isLive(current)) {
            return MonitorAssignment.choose(
                    place, tables.nodes(), tables.groups().memberCount());
        }
        boolean moves = tables.nodes().load(slot)
                        < MonitorAssignment.bound(
                                tables.groups().memberCount(), tables.nodes().liveCount())
                && MonitorAssignment.prefers(
                        place, tables.nodes().place(slot), tables.nodes().place(current));
        return moves ? slot : current;
    }

    Result nodeDown(Command.NodeDown down, Applying applying) {
        Optional<NodeRecord> known = tables.nodes().find(down.nodeId());
        if (known.isEmpty()) {
            return new Result.Refused(Refusal.UNKNOWN_NODE, 0);
        }
        NodeRecord node = known.get();
        if (!node.live() || node.liveness() != down.liveness()) {
            return new Result.Done();
        }
        if (tables.nodes().liveCount() == 1) {
            return new Result.Refused(Refusal.LAST_LIVE_NODE, 0);
        }
        NodeRecord dead = new NodeRecord(
                node.slot(),
                node.nodeId(),
                node.address(),
                node.udpAddress(),
                node.hashKey(),
                false,
                node.liveness(),
                node.members());
        tables.nodes().put(dead);
        applying.events().nodeChanged(dead);
        reassign(
                applying,
                (group, member) -> member.monitorSlot() == dead.slot()
                        ? MonitorAssignment.choose(
                                MonitorAssignment.place(group, member.spec()),
                                tables.nodes(),
                                tables.groups().memberCount())
                        : member.monitorSlot());
        return new Result.Done();
    }

    /** Chooses the slot of a member's monitor. */
    private interface Monitors {
        int of(GroupKey group, Member member);
    }

    /** Gives another monitor to every member that must have one, in the order of groups and of joins. */
    private void reassign(Applying applying, Monitors monitors) {
        for (GroupState group : tables.groups().all()) {
            for (Member member : group.members().toArray()) {
                int slot = monitors.of(group.key(), member);
                if (slot != member.monitorSlot()) {
                    tables.nodes().addLoad(member.monitorSlot(), -1);
                    tables.nodes().addLoad(slot, 1);
                    Member moved = member.assignedTo(slot);
                    group.members().replace(moved);
                    applying.events().assigned(group.key(), moved);
                }
            }
        }
    }
}
