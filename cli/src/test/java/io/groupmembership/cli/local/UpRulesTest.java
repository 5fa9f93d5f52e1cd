package io.groupmembership.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UpRulesTest {
    private static final ClusterFile THREE = ClusterDirectory.draw("local", LocalPorts.fromBase(7700, 3));

    @Test
    void whereThereIsNoClusterANewOneIsMade() {
        UpPlan plan = decide(Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(plan.isNew()).isTrue();
        assertThat(plan.cluster().nodes()).hasSize(3);
        assertThat(plan.cluster().nodes().getFirst().httpPort()).isEqualTo(7701);
    }

    @Test
    void theClusterThatIsThereKeepsItsSizeAndItsPorts() {
        assertThat(decide(Optional.of(THREE), Optional.of(3), Optional.of(7700)))
                .isEqualTo(new UpPlan(THREE, Timing.USUAL, false));
        assertThatThrownBy(() -> decide(Optional.of(THREE), Optional.of(5), Optional.empty()))
                .hasMessageStartingWith("this cluster was made with 3 nodes, not 5: leave --nodes away");
        assertThatThrownBy(() -> decide(Optional.of(THREE), Optional.empty(), Optional.of(8700)))
                .hasMessageStartingWith("this cluster was made with ports from 7700 on");
    }

    @Test
    void aClusterStaysAsFastAsItWasMade() {
        Optional<ClusterFile> made = Optional.of(THREE);
        Optional<Integer> none = Optional.empty();
        assertThat(UpPlan.decide(Optional.empty(), Timing.USUAL, none, none, true)
                        .timing())
                .isEqualTo(Timing.FAST);
        assertThat(UpPlan.decide(made, Timing.FAST, none, none, false).timing()).isEqualTo(Timing.FAST);
        assertThat(UpPlan.decide(made, Timing.FAST, none, none, true).timing()).isEqualTo(Timing.FAST);
        assertThatThrownBy(() -> UpPlan.decide(made, Timing.USUAL, none, none, true))
                .hasMessageStartingWith("this cluster was made without --fast, and keeps its timing");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 4, 6, 7})
    void aClusterHasOneThreeOrFiveNodes(int nodes) {
        assertThatThrownBy(() -> decide(Optional.empty(), Optional.of(nodes), Optional.empty()))
                .hasMessageContaining("1, 3 or 5 nodes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1023, 65_401, 70_000})
    void portsMustFitBetweenThePrivilegedAndTheLast(int base) {
        assertThatThrownBy(() -> decide(Optional.empty(), Optional.empty(), Optional.of(base)))
                .hasMessageContaining("--base-port " + base);
    }

    @Test
    void pausesBetweenRestartsDoubleUpToTenSeconds() {
        Duration pause = Duration.ZERO;
        StringBuilder pauses = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            pause = restart(137, Duration.ofSeconds(1), pause);
            pauses.append(pause.toMillis()).append(' ');
        }
        assertThat(pauses).hasToString("500 1000 2000 4000 8000 10000 10000 ");
        assertThat(restart(137, Duration.ofSeconds(31), pause)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aNodeThatCannotStartIsNotStartedAgain() {
        assertThat(RestartRule.after(3, Duration.ofSeconds(1), Duration.ZERO)).isEqualTo(new RestartRule.GiveUp());
        assertThat(RestartRule.after(4, Duration.ofSeconds(99), Duration.ZERO)).isEqualTo(new RestartRule.GiveUp());
        assertThat(RestartRule.after(0, Duration.ofSeconds(1), Duration.ZERO)).isInstanceOf(RestartRule.Restart.class);
    }

    @Test
    void aProcessIdThatWasGivenOutAgainIsNotTakenForTheOldProcess() {
        ProcessMark self = ProcessMark.of(ProcessHandle.current());
        assertThat(self.find()).isPresent();
        assertThat(new ProcessMark(self.pid(), self.startedAtMillis() - 60_000).find())
                .isEmpty();
        assertThat(new UpFile(self.pid(), 1, true, Map.of(), Map.of(), 0).supervisor())
                .isEmpty();
    }

    @Test
    void whatRunsIsReadBackFromItsFile(@TempDir Path directory) throws IOException {
        UpFile up = new UpFile(1, 2, true, Map.of("node-1", 3L), Map.of("node-1", 4L), 0);
        up.write(directory.resolve("up.json"));
        assertThat(UpFile.read(directory.resolve("up.json"))).contains(up);
        Files.writeString(directory.resolve("up.json"), "{ half");
        assertThat(UpFile.read(directory.resolve("up.json"))).isEmpty();
        assertThat(UpFile.read(directory.resolve("none.json"))).isEmpty();
    }

    @Test
    void aLogThatHasGrownIsSetAside(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("logs/node-1.log");
        NodeLog.prepare(log);
        Files.write(log, new byte[(int) NodeLog.LARGEST_BYTES + 1]);
        NodeLog.prepare(log);
        assertThat(log).doesNotExist();
        assertThat(directory.resolve("logs/node-1.log.1")).exists();
    }

    @Test
    void aNodesOwnWordsCountMoreThanTheLastLine(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("node.log");
        assertThat(NodeLog.lastWord(log)).startsWith("no log at");
        Files.writeString(log, "one\ngm-node: the port is taken\nstack trace\n\n");
        assertThat(NodeLog.lastWord(log)).isEqualTo("gm-node: the port is taken");
        Files.writeString(log, "one\ntwo\n\n");
        assertThat(NodeLog.lastWord(log)).isEqualTo("two");
    }

    private static UpPlan decide(Optional<ClusterFile> existing, Optional<Integer> nodes, Optional<Integer> basePort) {
        return UpPlan.decide(existing, Timing.USUAL, nodes, basePort, false);
    }

    private static Duration restart(int exitStatus, Duration ranFor, Duration lastPause) {
        return RestartRule.after(exitStatus, ranFor, lastPause) instanceof RestartRule.Restart(Duration pause)
                ? pause
                : Duration.ZERO;
    }
}
