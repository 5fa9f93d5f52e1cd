package io.groupmembership.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.e2e.client.Started;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault alone and all together: the histories are linearizable, and all nodes show the same views. */
@ExtendWith(Started.class)
class ChaosIT {
    /** Of a long run: half of them for the faults one by one, half for all. */
    private static final Duration SOAK = Duration.ofMinutes(Integer.getInteger("gm.minutes", 0));

    private static final Duration ALONE =
            SOAK.isZero() ? Duration.ofSeconds(5) : SOAK.dividedBy(2L * Fault.values().length);
    private static final Duration TOGETHER = SOAK.isZero() ? Duration.ofMinutes(1) : SOAK.dividedBy(2);

    /** A history is judged when it is over, so a long run has several. */
    private static final Duration LONGEST = Duration.ofMinutes(6);

    @TempDir
    static Path directory;

    private static Rig rig;
    private static Judge judge;

    @BeforeAll
    static void start() throws Exception {
        judge = Judge.build();
        rig = Rig.start(directory);
        System.out.println(ChaosRun.Report.HEAD);
    }

    private static long seed() {
        return Long.getLong("gm.seed", ThreadLocalRandom.current().nextLong(1_000_000));
    }

    @ParameterizedTest
    @EnumSource
    void eachFaultAlone(Fault fault) throws Exception {
        assertNoViolation(new ChaosRun(rig, List.of(fault), seed()).run(directory, judge, ALONE));
    }

    static Stream<Duration> together() {
        long parts = Math.ceilDiv(TOGETHER.toMillis(), LONGEST.toMillis());
        return Stream.generate(() -> TOGETHER.dividedBy(parts)).limit(parts);
    }

    @ParameterizedTest
    @MethodSource("together")
    void allFaultsTogether(Duration time) throws Exception {
        assertNoViolation(new ChaosRun(rig, List.of(Fault.values()), seed()).run(directory, judge, time));
    }

    private static void assertNoViolation(ChaosRun.Report report) {
        System.out.println(report);
        assertThat(report.operations()).isPositive();
        assertThat(report.violations()).as("seed %d", report.seed()).isEmpty();
    }

    @Test
    void readsWithoutABarrierAreFoundOut() throws Exception {
        // given
        Duration limit = Duration.ofMinutes(3);
        long endNanos = System.nanoTime() + limit.toNanos();

        // when
        ChaosRun.Report report;
        do {
            ChaosRun run = ChaosRun.withoutBarriers(rig, List.of(Fault.LEADER_CUT_OFF, Fault.PAUSE), seed());
            report = run.run(directory, judge, Duration.ofSeconds(15));
            System.out.println("without barriers: " + report);
        } while (report.violations().isEmpty() && System.nanoTime() - endNanos < 0);

        // then
        assertThat(report.violations())
                .first()
                .asString()
                .endsWith("operations")
                .contains("is not linearizable");
    }
}
