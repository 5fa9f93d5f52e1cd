package io.groupmembership.membership.detection;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.NodeRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes take part, as the leader hears it from their beats.
 *
 * <p>The rule. A beat counts where it is of a node of the configuration that has applied what was committed a node
 * timeout ago: a node that gets the log no more would go by an old state. What counted goes into the next tick. A live
 * node of which nothing counted for the node timeout is to be declared down; that takes nothing from anybody at once,
 * because whoever takes its members over waits until its lease is over.
 *
 * <p>A leader that is new, or was paused, knows nothing yet: it counts from then on. Not thread-safe.
 */
public class NodeRoll {
    private static final int PAUSE_TICKS = 4;

    private record Committed(long index, long atNanos) {}

    private final ClusterTiming timing;
    private final Map<String, Long> heardNanos = new HashMap<>();
    private final Map<String, Command.Beat> counted = new HashMap<>();
    private final ArrayDeque<Committed> committed = new ArrayDeque<>();
    private long requiredIndex = -1;
    private long sinceNanos;
    private long turnNanos;
    private long tickNanos;

    public NodeRoll(ClusterTiming timing, long nowNanos) {
        this.timing = timing;
        this.sinceNanos = nowNanos;
        this.turnNanos = nowNanos;
        this.tickNanos = nowNanos - timing.tickNanos();
    }

    /** A beat came in. */
    public void heard(Command.Beat beat, Set<String> configured, long nowNanos) {
        if (counts(beat, configured)) {
            heardNanos.put(beat.nodeId(), nowNanos);
            counted.put(beat.nodeId(), beat);
        }
    }

    boolean counts(Command.Beat beat, Set<String> configured) {
        return configured.contains(beat.nodeId()) && beat.appliedIndex() >= requiredIndex;
    }

    /**
     * What is to be proposed now.
     *
     * @param commitIndex up to where the log is agreed on, as the leader knows it
     */
    public List<Command> turn(long commitIndex, List<NodeRecord> nodes, long nowNanos) {
        if (nowNanos - turnNanos > PAUSE_TICKS * timing.tickNanos()) {
            sinceNanos = nowNanos;
        }
        turnNanos = nowNanos;
        committed.add(new Committed(commitIndex, nowNanos));
        while (nowNanos - committed.getFirst().atNanos() >= timing.nodeTimeoutNanos()) {
            requiredIndex = committed.removeFirst().index();
        }
        List<Command> proposals = new ArrayList<>();
        if (!counted.isEmpty() && nowNanos - tickNanos >= timing.tickNanos()) {
            tickNanos = nowNanos;
            proposals.add(new Command.Tick(List.copyOf(counted.values())));
            counted.clear();
        }
        for (NodeRecord node : nodes) {
            if (node.live() && nowNanos - lastHeard(node.nodeId()) > timing.nodeTimeoutNanos()) {
                proposals.add(new Command.NodeDown(node.nodeId(), node.liveness()));
            }
        }
        return proposals;
    }

    private long lastHeard(String nodeId) {
        Long heard = heardNanos.get(nodeId);
        return heard == null || heard - sinceNanos < 0 ? sinceNanos : heard;
    }
}
