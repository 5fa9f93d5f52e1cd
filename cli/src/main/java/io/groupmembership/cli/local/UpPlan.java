package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.NodePorts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which cluster {@code gm up} is about: the one that is there, or a new one. What a cluster was made with stays: its
 * size and its ports are in its Raft log, and its groups' policies were accepted for its timing.
 *
 * @param cluster what to run
 * @param timing how fast its nodes are to be
 * @param isNew whether its files are still to be written
 */
record UpPlan(ClusterFile cluster, Timing timing, boolean isNew) {
    static final int DEFAULT_NODES = 3;
    private static final Set<Integer> SIZES = Set.of(1, 3, 5);

    /** Where the nodes are that run. */
    List<ClusterFile.Node> places(ClusterDirectory directory) throws IOException {
        return isNew
                ? cluster.nodes()
                : directory.nodes(cluster).running().stream()
                        .map(LocalNode::place)
                        .toList();
    }

    /**
     * @param existing the cluster of the directory
     * @param existingTiming what that was made with
     * @param nodes how many were asked for, if anything was said
     * @param basePort the port below the first node's, if anything was said
     * @param fast whether that was asked for
     */
    static UpPlan decide(
            Optional<ClusterFile> existing,
            Timing existingTiming,
            Optional<Integer> nodes,
            Optional<Integer> basePort,
            boolean fast) {
        nodes.filter(n -> !SIZES.contains(n)).ifPresent(n -> {
            throw new CliFailure(ExitCode.USAGE, "--nodes " + n + ": a cluster has 1, 3 or 5 nodes");
        });
        basePort.filter(p -> p < NodePorts.MIN_BASE || p > NodePorts.MAX_BASE).ifPresent(p -> {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "--base-port " + p + ": choose from " + NodePorts.MIN_BASE + " to " + NodePorts.MAX_BASE);
        });
        if (existing.isEmpty()) {
            int base = basePort.orElse(NodePorts.DEFAULT_BASE);
            return new UpPlan(
                    ClusterDirectory.draw("local", LocalPorts.fromBase(base, nodes.orElse(DEFAULT_NODES))),
                    fast ? Timing.FAST : Timing.USUAL,
                    true);
        }
        ClusterFile cluster = existing.get();
        int size = cluster.nodes().size();
        nodes.filter(n -> n != size).ifPresent(n -> {
            throw new CliFailure(
                    ExitCode.ERROR,
                    "this cluster was made with " + size + " nodes, not " + n
                            + ": leave --nodes away (gm nodes add and remove"
                            + " change it while it runs), or make another one: gm up --nodes " + n
                            + " --data ANOTHER_DIR --base-port 8700");
        });
        int base = cluster.nodes().getFirst().httpPort() - 1;
        basePort.filter(p -> p != base).ifPresent(p -> {
            throw new CliFailure(
                    ExitCode.ERROR,
                    "this cluster was made with ports from " + base + " on, and keeps them: leave --base-port away, or"
                            + " make another one: gm up --data ANOTHER_DIR --base-port " + p);
        });
        if (fast && existingTiming != Timing.FAST) {
            throw new CliFailure(
                    ExitCode.ERROR,
                    "this cluster was made without --fast, and keeps its timing: leave --fast away, or make another"
                            + " one: gm up --fast --data ANOTHER_DIR --base-port 8700");
        }
        return new UpPlan(cluster, existingTiming, false);
    }
}
