package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The rule in virtual time. A transcript has a line for each thing that happens to a member that is pinged every 5,000
 * ms, first at 5,000, and is silent after three misses: the time in ms, what happens, and what the schedule says.
 */
class HeartbeatScheduleTest {
    private static final long INTERVAL = 5_000;

    @Test
    void aMemberThatAnswersEachPingIsNeverMissed() {
        play("""
                 5000 due    -> CLEAR
                 5000 sent   -> next 10000
                 5020 ack 1  -> counts
                10000 due    -> CLEAR
                10000 sent   -> next 15000
                14999 ack 2  -> counts
                15000 due    -> CLEAR
                """);
    }

    @Test
    void threeUnansweredPingsInARowMakeAMemberSilentAndEachFurtherOneSaysSoAgain() {
        play("""
                 5000 due    -> CLEAR
                 5000 sent   -> next 10000
                10000 due    -> MISSED
                10000 sent   -> next 15000
                15000 due    -> MISSED
                15000 sent   -> next 20000
                20000 due    -> SILENT
                20000 sent   -> next 25000
                25000 due    -> SILENT
                """);
    }

    @Test
    void anyAnswerSetsTheCountToZero() {
        play("""
                 5000 due    -> CLEAR
                 5000 sent   -> next 10000
                10000 due    -> MISSED
                10000 sent   -> next 15000
                15000 due    -> MISSED
                15000 sent   -> next 20000
                15010 ack 3  -> counts
                20000 due    -> CLEAR
                20000 sent   -> next 25000
                25000 due    -> MISSED
                """);
    }

    @Test
    void anAnswerToAnOlderPingShowsThatTheMemberLivesButAnswersOnlyThatPing() {
        play("""
                 5000 due    -> CLEAR
                 5000 sent   -> next 10000
                10000 due    -> MISSED
                10000 sent   -> next 15000
                15000 due    -> MISSED
                15000 sent   -> next 20000
                15001 ack 1  -> counts
                20000 due    -> MISSED
                20000 sent   -> next 25000
                25000 due    -> MISSED
                """);
    }

    @Test
    void anAnswerCountsOnceAndOnlyForwardAndOnlyToWhatWasAsked() {
        play("""
                 5000 due    -> CLEAR
                 5000 sent   -> next 10000
                 5001 ack 2  -> ignored
                 5002 ack 0  -> ignored
                 5003 ack -1 -> ignored
                10000 due    -> MISSED
                10000 sent   -> next 15000
                10001 ack 2  -> counts
                10002 ack 2  -> ignored
                10003 ack 1  -> ignored
                """);
    }

    @Test
    void whatIsJudgedMoreThanHalfAnIntervalLateIsNotHeldAgainstTheMember() {
        play("""
                 5000 due    -> CLEAR
                 5000 sent   -> next 10000
                12500 due    -> MISSED
                12500 sent   -> next 15000
                17501 due    -> EXCUSED
                17501 sent   -> next 25000
                25000 due    -> MISSED
                25000 sent   -> next 30000
                30000 due    -> SILENT
                """);
    }

    @Test
    void aPauseOfManyIntervalsCostsNobodyAMiss() {
        play("""
                  5000 due    -> CLEAR
                  5000 sent   -> next 10000
                600123 due    -> EXCUSED
                600123 sent   -> next 605000
                605000 due    -> MISSED
                """);
    }

    @Test
    void aPingThatCouldNotLeaveIsNotAMissAndDoesNotClearTheCount() {
        play("""
                 5000 due    -> CLEAR
                 5000 sent   -> next 10000
                10000 due    -> MISSED
                10000 sent   -> next 15000
                15000 due    -> MISSED
                20000 due    -> EXCUSED
                25000 due    -> EXCUSED
                25000 sent   -> next 30000
                30000 due    -> SILENT
                """);
    }

    @Test
    void aPingThatLeavesLateHasHalfAnIntervalToBeAnswered() {
        play("""
                 5000 due    -> CLEAR
                 7500 sent   -> next 10000
                10000 due    -> MISSED
                12501 sent   -> next 20000
                20000 due    -> MISSED
                """);
    }

    @Test
    void whileAnswersLieUnreadNobodyMissesAPing() {
        play("""
                 5000 due        -> CLEAR
                 5000 sent       -> next 10000
                10000 due unread -> EXCUSED
                10000 sent       -> next 15000
                15000 due        -> MISSED
                """);
    }

    @Test
    void howeverLateTheLoopIsTheMemberKeepsItsPhaseAndHasHalfAnIntervalToAnswer() {
        // Given
        HeartbeatSchedule schedule = new HeartbeatSchedule(INTERVAL, 3, 1_234, 0);
        Random random = new Random(7);
        for (int ping = 0; ping < 10_000; ping++) {
            // When
            long now = schedule.dueNanos() + random.nextLong(4 * INTERVAL);
            schedule.due(now, false);
            long left = now + random.nextLong(INTERVAL);
            schedule.sent(left);
            // Then
            assertThat(schedule.dueNanos() % INTERVAL).isEqualTo(1_234);
            assertThat(schedule.dueNanos() - left).isGreaterThanOrEqualTo(INTERVAL / 2);
        }
    }

    private static void play(String transcript) {
        HeartbeatSchedule schedule = new HeartbeatSchedule(INTERVAL, 3, INTERVAL, 0);
        transcript.lines().forEach(line -> {
            String[] sides = line.strip().split("\\s+-> ", 2);
            String[] words = sides[0].split("\\s+");
            assertThat(happen(schedule, words)).as(line).isEqualTo(sides[1]);
        });
    }

    private static String happen(HeartbeatSchedule schedule, String[] words) {
        long now = Long.parseLong(words[0]);
        return switch (words[1]) {
            case "due" -> {
                assertThat(schedule.isDue(now)).isTrue();
                yield schedule.due(now, words.length > 2).name();
            }
            case "sent" -> {
                schedule.sent(now);
                yield "next " + schedule.dueNanos();
            }
            case "ack" -> schedule.answered(Long.parseLong(words[2]), now) ? "counts" : "ignored";
            default -> throw new IllegalArgumentException(words[1]);
        };
    }
}
