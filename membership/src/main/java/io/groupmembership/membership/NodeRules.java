package io.groupmembership.membership;

import io.groupmembership.membership.Result.Refusal;
import java.util.Optional;

/** Which nodes there are, and who monitors whom when one comes, goes or starts anew. */
class NodeRules {
    private static final int AS_BEFORE = -2;

    private final Tables tables;

    NodeRules(Tables tables) {
        this.tables = tables;
    }

    Result nodeUp(Command.NodeUp up, Applying applying) {
        Optional<NodeRecord> known = tables.nodes().find(up.nodeId());
        if (known.isEmpty() && tables.nodes().slots() >= NodeTable.MAX_NODES) {
            return new Result.Refused(Refusal.TOO_MANY_NODES, NodeTable.MAX_NODES);
        }
        NodeRecord before = known.orElseGet(() -> new NodeRecord(
                tables.nodes().slots(), up.nodeId(), up.address(), up.udpAddress(), up.hashKey(), true, 1, 0, 0, -1));
        NodeRecord node = before.at(up.address(), up.udpAddress(), up.hashKey());
        if (known.isPresent() && known.get().equals(node)) {
            return new Result.Done();
        }
        tables.nodes().put(node);
        applying.events().nodeChanged(node);
        if (known.isEmpty()) {
            spread(node, applying);
        }
        return new Result.Done();
    }

    Result tick(Command.Tick tick, Applying applying) {
        for (Command.Beat beat : tick.beats()) {
            tables.nodes().find(beat.nodeId()).ifPresent(node -> beat(beat, node, applying));
        }
        return new Result.Done();
    }

    private void beat(Command.Beat beat, NodeRecord node, Applying applying) {
        if (node.bootId() != beat.bootId()) {
            booted(node.withBoot(beat.bootId()), applying);
        }
        if (!node.live() && beat.appliedIndex() >= node.downIndex()) {
            NodeRecord up = node.withBoot(beat.bootId()).up();
            tables.nodes().put(up);
            applying.events().nodeChanged(up);
            spread(up, applying);
        }
        applying.events().ticked(beat.nodeId(), beat.nonce());
    }

    /**
     * Another process of this node: it knows nothing of what the one before had confirmed, or promised to confirm no
     * more. So its members get a new assignment epoch, under which nothing of that is true.
     */
    void booted(NodeRecord node, Applying applying) {
        tables.nodes().put(node);
        applying.events().nodeChanged(node);
        reassign(applying, (group, member) -> member.monitorSlot() == node.slot() ? node.slot() : AS_BEFORE);
    }

    /** Gives a node that has become live its share. */
    private void spread(NodeRecord node, Applying applying) {
        reassign(applying, (group, member) -> {
            int slot = monitorWith(node.slot(), group, member);
            return slot == member.monitorSlot() ? AS_BEFORE : slot;
        });
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
        NodeRecord dead = node.down(applying.logIndex());
        tables.nodes().put(dead);
        applying.events().nodeChanged(dead);
        reassign(
                applying,
                (group, member) -> member.monitorSlot() == dead.slot()
                        ? MonitorAssignment.choose(
                                MonitorAssignment.place(group, member.spec()),
                                tables.nodes(),
                                tables.groups().memberCount())
                        : AS_BEFORE);
        return new Result.Done();
    }

    Result assign(Command.Assign assign, Applying applying) {
        for (Command.Assignment assignment : assign.assignments()) {
            assign(assignment, applying);
        }
        return new Result.Done();
    }

    private void assign(Command.Assignment assignment, Applying applying) {
        Optional<NodeRecord> to = tables.nodes().find(assignment.to()).filter(NodeRecord::live);
        Optional<GroupState> group = tables.groups().find(assignment.group());
        if (to.isEmpty() || group.isEmpty()) {
            return;
        }
        group.get()
                .members()
                .find(assignment.memberId())
                .filter(member -> member.incarnation() == assignment.incarnation()
                        && member.assignmentEpoch() == assignment.assignmentEpoch())
                .ifPresent(member -> assign(
                        group.get(),
                        member,
                        member.assignedTo(to.get().slot(), assignment.heard() ? 0 : member.unheardMoves() + 1),
                        applying));
    }

    private void assign(GroupState group, Member before, Member moved, Applying applying) {
        tables.nodes().addLoad(before.monitorSlot(), -1);
        tables.nodes().addLoad(moved.monitorSlot(), 1);
        group.members().replace(moved);
        tables.nodes().movedAt(applying.logIndex());
        applying.events().assigned(group.key(), moved);
    }

    /** Chooses the slot of a member's monitor, or {@link #AS_BEFORE}. */
    private interface Monitors {
        int of(GroupKey group, Member member);
    }

    /** Goes through all members in the order of groups and of joins. */
    private void reassign(Applying applying, Monitors monitors) {
        for (GroupState group : tables.groups().all()) {
            for (Member member : group.members().toArray()) {
                int slot = monitors.of(group.key(), member);
                if (slot != AS_BEFORE) {
                    assign(group, member, member.assignedTo(slot), applying);
                }
            }
        }
    }
}
