package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.detection.Cut;
import io.groupmembership.membership.detection.NodeRoll;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a node does while it leads, or believes that it does: it forgets all of it with its office. */
final class Leading {
    private final Simulation simulation;
    private final Node node;
    private final NodeRoll roll;
    private final Cut cut;

    Leading(Simulation simulation, Node node) {
        this.simulation = simulation;
        this.node = node;
        this.roll = simulation.parts.nodeRoll(simulation.timing, node.clockNow());
        this.cut = new Cut(simulation.timing);
    }

    void heard(Command.Beat beat, Map<GroupKey, Integer> missing) {
        roll.heard(beat, configured(), node.clockNow());
        cut.missing(beat.nodeId(), missing, node.clockNow());
    }

    private Set<String> configured() {
        return simulation.log.configured().stream()
                .map(number -> simulation.nodes().get(number).nodeId)
                .collect(Collectors.toSet());
    }

    void suspected(Command.Target target) {
        cut.suspected(target, node.clockNow());
    }

    void turn() {
        roll.turn(simulation.log.size() - 1L, node.state.nodes(), node.clockNow())
                .forEach(command -> simulation.raft.propose(node, command));
        List<Command.Target> due = cut.due(node.state, node.clockNow());
        if (!due.isEmpty()) {
            simulation.raft.propose(node, new Command.Remove(due));
        }
    }
}
