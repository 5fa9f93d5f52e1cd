package io.groupmembership.protocol.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an ack is sent once more. Times are in seconds of the member's clock, and a lease is 12. */
class MemberHeartbeatTest {
    private static final long SECOND = 1_000_000_000;

    private final MemberHeartbeat member = new MemberHeartbeat(Drift.BOUND);
    private long sequence;

    @BeforeEach
    void adopt() {
        member.adopt(17);
    }

    private long pingedAt(long seconds) {
        return member.pinged(17, 3, ++sequence, SECOND, seconds * SECOND);
    }

    private long repeatedAt(long seconds) {
        return member.repeated(seconds * SECOND);
    }

    private boolean confirmed(long ackSentSeconds, long nowSeconds) {
        return member.confirmed(17, 3, ++sequence, ackSentSeconds * SECOND, 12 * SECOND, nowSeconds * SECOND);
    }

    @Test
    void anAckThatIsNotConfirmedIsSentThreeTimesMoreUnderNewNumbers() {
        assertThat(pingedAt(100)).isEqualTo(1);
        assertThat(member.repeatDueNanos()).isEqualTo(101 * SECOND);
        assertThat(repeatedAt(101)).isEqualTo(2);
        assertThat(repeatedAt(102)).isEqualTo(3);
        assertThat(repeatedAt(103)).isEqualTo(4);
        assertThat(member.awaitsConfirmation()).isFalse();
        assertThat(repeatedAt(104)).isEqualTo(MemberHeartbeat.NONE);
        assertThat(pingedAt(105)).isEqualTo(5);
        assertThat(member.awaitsConfirmation()).isTrue();
    }

    @Test
    void nothingIsSentAgainBeforeItsTime() {
        pingedAt(100);
        assertThat(member.repeated(101 * SECOND - 1)).isEqualTo(MemberHeartbeat.NONE);
        assertThat(member.awaitsConfirmation()).isTrue();
    }

    @Test
    void aRepeatThatComesLateIsFollowedByTheNextAfterTheWholePause() {
        pingedAt(100);
        assertThat(repeatedAt(150)).isEqualTo(2);
        assertThat(repeatedAt(150)).isEqualTo(MemberHeartbeat.NONE);
        assertThat(member.repeatDueNanos()).isEqualTo(151 * SECOND);
    }

    @Test
    void aConfirmationOfTheAckOrOfARepeatEndsIt() {
        pingedAt(100);
        assertThat(confirmed(100, 101)).isTrue();
        assertThat(member.awaitsConfirmation()).isFalse();
        pingedAt(105);
        assertThat(repeatedAt(106)).isEqualTo(3);
        assertThat(confirmed(106, 106)).isTrue();
        assertThat(member.awaitsConfirmation()).isFalse();
        assertThat(member.leftNanos(106 * SECOND))
                .as("the lease counts from the repeat that was confirmed")
                .isEqualTo(10 * SECOND);
    }

    @Test
    void aLateConfirmationOfThePingBeforeDoesNot() {
        pingedAt(100);
        pingedAt(105);
        assertThat(confirmed(100, 105)).isTrue();
        assertThat(member.awaitsConfirmation()).isTrue();
    }

    @Test
    void aPingThatDoesNotAskForItIsAckedOnce() {
        assertThat(member.pinged(17, 3, 1, 0, 100 * SECOND)).isEqualTo(1);
        assertThat(member.awaitsConfirmation()).isFalse();
    }

    @Test
    void aPingThatIsNotAckedChangesNothing() {
        pingedAt(100);
        assertThat(member.pinged(17, 3, sequence, SECOND, 101 * SECOND)).isEqualTo(MemberHeartbeat.NONE);
        assertThat(member.pinged(16, 4, 1, SECOND, 101 * SECOND)).isEqualTo(MemberHeartbeat.NONE);
        assertThat(member.repeatDueNanos()).isEqualTo(101 * SECOND);
    }

    @Test
    void whoLeavesOrComesAnewRepeatsNothing() {
        pingedAt(100);
        member.end();
        assertThat(repeatedAt(101)).isEqualTo(MemberHeartbeat.NONE);
        member.adopt(18);
        assertThat(repeatedAt(102)).isEqualTo(MemberHeartbeat.NONE);
    }
}
