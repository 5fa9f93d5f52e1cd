package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Started;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The figures that operators are told to watch. */
@ExtendWith(Started.class)
class MetricsIT {
    private static final Path OPERATIONS = Path.of("../docs/operations.md");

    /** Those of certificates and of access are where these are switched on. */
    private static final Pattern NAME = Pattern.compile("gm_(?!tls_|access_)[a-z]+_[a-z_]+[a-z]");

    @TempDir
    private Path directory;

    @Test
    void everyFigureThatTheDocumentationNamesIsThereAndOneNodeLeads() throws Exception {
        ProcessCluster cluster = ProcessCluster.create(directory).startAll();
        List<String> named = NAME.matcher(Files.readString(OPERATIONS))
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        assertThat(named).hasSizeGreaterThan(8).contains("gm_raft_is_leader", "gm_heartbeat_lag_seconds");
        int leaders = 0;

        for (NodeApi node : cluster.apis()) {
            List<String> lines = node.get("/q/metrics").text().lines().toList();
            assertThat(named)
                    .allSatisfy(name -> assertThat(lines).anyMatch(line -> line.matches(name + "(\\{[^}]*})? .*")));
            leaders += lines.contains("gm_raft_is_leader 1.0") ? 1 : 0;
        }

        assertThat(leaders).isEqualTo(1);
    }
}
