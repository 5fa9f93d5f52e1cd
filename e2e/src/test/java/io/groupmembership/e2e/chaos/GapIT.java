package io.groupmembership.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.e2e.client.Started;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** For how long no write is acknowledged, at 500 writes a second, when leaders go and the configuration changes. */
@ExtendWith(Started.class)
class GapIT {
    private static final int RUNS = Boolean.getBoolean("gm.soak") ? 30 : 2;
    private static final int WRITES_PER_SECOND = 500;
    private static final Duration SETTLED = Duration.ofSeconds(2);

    /** Nothing here is about speed: a wait so long has another reason. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static Rig rig;
    private static WriteStream stream;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(directory);
        stream = new WriteStream(rig, WRITES_PER_SECOND);
    }

    @AfterAll
    static void end() throws Exception {
        stream.stop();
    }

    private interface Step {
        void run() throws Exception;
    }

    /** How long the longest gap was in each of the runs. */
    private static void measure(String what, int runs, Step step) throws Exception {
        List<Duration> gaps = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            TimeUnit.NANOSECONDS.sleep(SETTLED.toNanos());
            long beginNanos = System.nanoTime();
            int before = stream.acknowledged();
            step.run();
            TimeUnit.NANOSECONDS.sleep(SETTLED.toNanos());
            gaps.add(stream.longestGapSince(beginNanos));
            assertThat(stream.acknowledged()).isGreaterThan(before);
            rig.makeWhole();
        }
        Collections.sort(gaps);
        System.out.printf(
                "%s: no write for %d ms (median of %d), %d ms at worst%n",
                what, gaps.get(gaps.size() / 2).toMillis(), runs, gaps.getLast().toMillis());
        assertThat(gaps.getLast()).isLessThan(BOUND);
        assertThat(stream.surprises()).isEmpty();
    }

    @Test
    void whileNothingHappens() throws Exception {
        measure("nothing happens", RUNS, () -> {});
    }

    @Test
    void afterTheLeaderWasKilled() throws Exception {
        measure("kill -9 of the leader", RUNS, () -> rig.kill(rig.leader().orElseThrow()));
    }

    @Test
    void whileLeadershipMoves() throws Exception {
        measure("transfer of leadership", RUNS, () -> {
            RigNode leader = rig.leader().orElseThrow();
            RigNode to = rig.usual().stream()
                    .filter(node -> node != leader)
                    .findFirst()
                    .orElseThrow();
            assertThat(Configuration.transfer(leader, to).status()).isEqualTo(204);
        });
    }

    @Test
    void whileThreeNodesBecomeFiveAndThreeAgain() throws Exception {
        measure("3 -> 5 -> 3", Math.max(1, RUNS / 6), () -> {
            List<RigNode> five = new ArrayList<>();
            for (int place = 1; place <= Rig.PLACES; place++) {
                five.add(rig.node(place));
            }
            assertThat(rig.bringIn(five, Rig.WHOLE_LIMIT)).isEmpty();
            rig.makeWhole();
        });
    }
}
