package io.groupmembership.sidecar.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.sidecar.cluster.GroupEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PresenceDecisionTest {
    private static final long OWN = 17;
    private static final long KNOWN = 5;

    private static PresenceDecision fullView(long view, long listed) {
        return PresenceDecision.of(new GroupEvent(true, view, "b", listed, null), OWN, KNOWN);
    }

    private static PresenceDecision change(long view, @Nullable String leftReason) {
        return PresenceDecision.of(new GroupEvent(false, view, "b", 0, leftReason), OWN, KNOWN);
    }

    @Test
    void theNextChangeThatSpeaksOfOthersIsNews() {
        assertThat(change(6, null)).isEqualTo(new PresenceDecision.Present(6, "b"));
    }

    @Test
    void aChangeThatWasSeenBeforeIsNoNews() {
        assertThat(change(5, null)).isEqualTo(new PresenceDecision.Known());
    }

    @Test
    void aMissingChangeCallsForAFullView() {
        assertThat(change(7, null)).isEqualTo(new PresenceDecision.Gap());
    }

    @Test
    void theOwnIncarnationIsGoneWheneverAChangeSaysSo() {
        assertThat(change(6, "crashed")).isEqualTo(new PresenceDecision.Gone(6, "crashed"));
        assertThat(change(9, "replaced")).isEqualTo(new PresenceDecision.Gone(9, "replaced"));
        assertThat(change(2, "evicted")).isEqualTo(new PresenceDecision.Gone(2, "evicted"));
    }

    @Test
    void aFullViewThatListsTheMemberIsNews() {
        assertThat(fullView(5, OWN)).isEqualTo(new PresenceDecision.Present(5, "b"));
        assertThat(fullView(90, OWN)).isEqualTo(new PresenceDecision.Present(90, "b"));
    }

    @Test
    void aNewerFullViewWithoutTheMemberRemovesIt() {
        assertThat(fullView(6, 0)).isEqualTo(new PresenceDecision.Gone(6, PresenceDecision.MISSING));
        assertThat(fullView(6, 3)).isEqualTo(new PresenceDecision.Gone(6, PresenceDecision.MISSING));
    }

    @Test
    void aNodeThatLagsBehindProvesNothing() {
        assertThat(fullView(5, 0)).isEqualTo(new PresenceDecision.Outdated());
        assertThat(fullView(4, OWN)).isEqualTo(new PresenceDecision.Outdated());
        assertThat(fullView(4, 3)).isEqualTo(new PresenceDecision.Outdated());
    }

    @Test
    void aGreaterIncarnationUnderTheSameNameHasReplacedTheMember() {
        assertThat(fullView(6, 18)).isEqualTo(new PresenceDecision.Gone(6, "replaced"));
    }
}
