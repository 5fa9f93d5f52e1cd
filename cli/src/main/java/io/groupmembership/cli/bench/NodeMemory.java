package io.groupmembership.cli.bench;

import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.local.ClusterDirectory;
import io.groupmembership.cli.local.UpFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory the nodes of the local cluster hold, as Linux counts it (VmRSS); nothing elsewhere. */
final class NodeMemory {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*(\\d+) kB");

    private NodeMemory() {}

    /** Mebibytes by node; empty where no {@code gm up} runs in the usual place or the system has no /proc. */
    static Map<String, Long> residentMebibytes(Invocation invocation) {
        Map<String, Long> resident = new LinkedHashMap<>();
        Path upFile = new ClusterDirectory(invocation.defaultDataDirectory()).upFile();
        UpFile.read(upFile)
                .ifPresent(up -> up.nodes()
                        .keySet()
                        .forEach(nodeId -> up.node(nodeId).ifPresent(process -> put(resident, nodeId, process.pid()))));
        return resident;
    }

    private static void put(Map<String, Long> resident, String nodeId, long pid) {
        try {
            Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
            if (line.find()) {
                resident.put(nodeId, Long.parseLong(line.group(1)) / 1024);
            }
        } catch (IOException e) {
            // no figure is better than a wrong one
        }
    }
}
