package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.GroupPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rounds that begin at 2 s, 7 s, 12 s and so on; a part of one is a second. */
class PingRoundsTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    private final PingRounds rounds = new PingRounds(new GroupPolicy(5_000, 3, 1_000), 0, 2 * SECOND);

    /** Turns that come so many milliseconds after they are due, until then: "12 ping", "16 missed". */
    private List<String> turnsUntil(long seconds, long afterMillis, boolean unread) {
        List<String> done = new ArrayList<>();
        while (rounds.stepNanos() + afterMillis * MILLI <= seconds * SECOND) {
            long nowNanos = rounds.stepNanos() + afterMillis * MILLI;
            int wanted = rounds.turn(nowNanos, unread);
            say(done, nowNanos, wanted, MemberWatch.ROUND_MISSED, "missed");
            say(done, nowNanos, wanted, MemberWatch.TOO_LATE, "too late");
            say(done, nowNanos, wanted, MemberWatch.PING, "ping");
        }
        return done;
    }

    private static void say(List<String> done, long nowNanos, int wanted, int bit, String word) {
        if ((wanted & bit) != 0) {
            done.add(nowNanos / SECOND + " " + word);
        }
    }

    @Test
    void aRoundIsFourPingsAFifthOfTheIntervalApartAndIsMissedAfterTheFourthFifth() {
        // given
        List<String> greeting = turnsUntil(1, 0, false);

        // when
        List<String> first = turnsUntil(6, 0, false);

        // then
        assertThat(greeting).containsExactly("0 ping", "1 ping");
        assertThat(first).containsExactly("2 ping", "3 ping", "4 ping", "5 ping", "6 missed");
        assertThat(turnsUntil(8, 0, false)).containsExactly("7 ping", "8 ping");
    }

    @Test
    void anAckEndsTheRepetitionsAndTheCount() {
        // given
        turnsUntil(8, 0, false);
        assertThat(rounds.missed()).isEqualTo(1);
        assertThat(rounds.repeats()).isTrue();

        // when
        rounds.answered();

        // then
        assertThat(rounds.missed()).isZero();
        assertThat(turnsUntil(13, 0, false)).containsExactly("12 ping", "13 ping");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 5, false",
        "3, 6, false",
        "3, 11, true",
        "2, 6, true",
        "1, 5, false",
        "1, 6, true",
        "10, 42, false",
        "10, 46, true"
    })
    void silenceIsProvenByAllRoundsButTheOneThatTheLeaseEndsIn(int misses, long seconds, boolean proven) {
        // given
        rounds.setPolicy(new GroupPolicy(5_000, misses, 1_000));

        // when
        turnsUntil(seconds, 0, false);

        // then
        assertThat(rounds.proveSilence()).isEqualTo(proven);
    }

    /** As late as a part is not late. */
    @ParameterizedTest
    @CsvSource({"0, false, 2", "1000, false, 2", "1001, false, 0", "0, true, 0"})
    void aRoundInWhichTheMonitorWasLateOrHadNotReadAllProvesNothing(long afterMillis, boolean unread, int missed) {
        // when
        turnsUntil(13, afterMillis, unread);

        // then
        assertThat(rounds.missed()).isEqualTo(missed);
    }

    @Test
    void aRoundWhosePingCouldNotLeaveProvesNothing() {
        // given
        turnsUntil(6, 0, false);
        assertThat(rounds.missed()).isEqualTo(1);
        turnsUntil(7, 0, false);

        // when
        rounds.unsent();

        // then
        assertThat(turnsUntil(11, 0, false)).containsExactly("8 ping", "9 ping", "10 ping");
        assertThat(rounds.missed()).isZero();
    }

    /** With three misses: the node is late after three rounds, and is not excused after nine. */
    @Test
    void whoIsLateRoundAfterRoundSaysSoAndIsExcusedThriceTheMisses() {
        // when
        List<String> done = turnsUntil(62, 0, true);

        // then
        assertThat(done).filteredOn(line -> line.contains("late")).containsExactly("16 too late");
        assertThat(done)
                .filteredOn(line -> line.contains("missed"))
                .containsExactly("51 missed", "56 missed", "61 missed");
    }

    @Test
    void anAckExcusesAnew() {
        // given
        turnsUntil(11, 0, true);

        // when
        rounds.answered();

        // then
        assertThat(turnsUntil(25, 0, true)).doesNotContain("16 too late", "21 too late");
        assertThat(turnsUntil(26, 0, true)).contains("26 too late");
    }
}
