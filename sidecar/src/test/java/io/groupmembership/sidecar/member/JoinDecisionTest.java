package io.groupmembership.sidecar.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.api.Problem;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinDecisionTest {
    private static JoinDecision decide(int status, @Nullable Long retrySeconds, @Nullable Long living, long held) {
        Problem problem = new Problem("t", "t", status, "is\nwrong", "address", living);
        return JoinDecision.of(status, Optional.ofNullable(retrySeconds).map(Duration::ofSeconds), problem, held);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201})
    void anAcceptedJoinIsAdopted(int status) {
        assertThat(decide(status, null, null, 0)).isEqualTo(new JoinDecision.Adopt());
    }

    @Test
    void aPredecessorsLeaseIsWaitedFor() {
        assertThat(decide(202, 4L, null, 0)).isEqualTo(new JoinDecision.Await(Duration.ofSeconds(4)));
    }

    @Test
    void aRestartedAgentTakesThePlaceOfItsPredecessor() {
        assertThat(decide(409, null, 16L, 0)).isEqualTo(new JoinDecision.TakePlaceOf(16));
    }

    @Test
    void anAgentThatWasAMemberGivesWayToItsSuccessor() {
        assertThat(decide(409, null, 18L, 17)).isEqualTo(new JoinDecision.GiveWay(18));
        assertThat(decide(409, null, 16L, 17)).isEqualTo(new JoinDecision.TakePlaceOf(16));
    }

    @Test
    void anInstanceWhoseMembershipHasEndedDrawsAnother() {
        assertThat(decide(409, null, null, 17)).isEqualTo(new JoinDecision.DrawNewInstance());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void anotherNodeIsAskedWhenOneIsNotAbleTo(int status) {
        assertThat(decide(status, 2L, null, 0))
                .isEqualTo(new JoinDecision.AskAnother(Duration.ofSeconds(2), "address: is wrong"));
    }

    @Test
    void aRetryAfterOfAYearIsNotBelieved() {
        assertThat(decide(503, 31_536_000L, null, 0))
                .isEqualTo(new JoinDecision.AskAnother(Duration.ofSeconds(30), "address: is wrong"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 413, 415, 422})
    void aWrongRequestIsNotRepeated(int status) {
        assertThat(decide(status, null, null, 0)).isEqualTo(new JoinDecision.Refused("address: is wrong"));
    }
}
