package io.groupmembership.cli.local;

import io.groupmembership.cli.show.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who runs a cluster, as {@code up.json} beside it says while {@code gm up} runs.
 *
 * @param pid the process of {@code gm up}
 * @param startedAtMillis when that process began
 * @param ready whether a majority of the nodes has been ready since
 * @param nodes the process of each node
 * @param nodesStartedAtMillis when each of those began
 * @param nodesRevision of the {@link LocalNodes} that this cluster follows: what was to end has ended
 */
public record UpFile(
        long pid,
        long startedAtMillis,
        boolean ready,
        Map<String, Long> nodes,
        Map<String, Long> nodesStartedAtMillis,
        long nodesRevision) {
    /** What the running cluster is, seen from the process that runs it. */
    static UpFile of(LocalCluster cluster, boolean ready) {
        ProcessMark self = ProcessMark.of(ProcessHandle.current());
        Map<String, Long> starts = new LinkedHashMap<>();
        Map<String, Long> pids = cluster.pids();
        pids.forEach((nodeId, pid) -> ProcessHandle.of(pid)
                .ifPresent(process -> starts.put(nodeId, ProcessMark.of(process).startedAtMillis())));
        return new UpFile(
                self.pid(),
                self.startedAtMillis(),
                ready,
                pids,
                starts,
                cluster.nodes().revision());
    }

    /** What the file says; empty where there is none, or none that can be read. */
    public static Optional<UpFile> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(Json.readFile(Files.readAllBytes(file), UpFile.class))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        ClusterDirectory.write(file, this);
    }

    /** The process of {@code gm up}, if it still runs. */
    public Optional<ProcessHandle> supervisor() {
        return new ProcessMark(pid, startedAtMillis).find();
    }

    /** The process of a node, if it still runs. */
    public Optional<ProcessHandle> node(String nodeId) {
        Long nodePid = nodes.get(nodeId);
        Long start = nodesStartedAtMillis.get(nodeId);
        return nodePid == null || start == null ? Optional.empty() : new ProcessMark(nodePid, start).find();
    }
}
