package io.groupmembership.cli.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Nodes that outlived the {@code gm up} that had started them, because that one was killed. */
final class Orphans {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final ClusterDirectory directory;
    private final PrintStream out;

    Orphans(ClusterDirectory directory, PrintStream out) {
        this.directory = directory;
        this.out = out;
    }

    /** Stops them and says so; returns how many there were. Only called while no {@code gm up} runs here. */
    int stop() {
        List<ProcessHandle> orphans = new ArrayList<>();
        UpFile.read(directory.upFile()).ifPresent(up -> {
            for (String nodeId : up.nodes().keySet()) {
                up.node(nodeId).ifPresent(process -> {
                    out.println("stopping " + nodeId + " (process " + process.pid()
                            + "), left over from a gm up that was killed");
                    orphans.add(process);
                });
            }
        });
        ProcessEnd.stop(orphans, STOP_LIMIT);
        return orphans.size();
    }
}
