package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.lease.GrantedLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The rounds of a watch that began at 0 s, whose first round is at 2 s, with an interval of 5 s. */
class MemberWatchTest {
    private static final long SECOND = 1_000_000_000;
    private static final GroupPolicy POLICY = new GroupPolicy(5_000, 3, 1_000);

    private final MemberWatch watch = new MemberWatch(charge(), new GrantedLease(), 0, 2 * SECOND);
    private long acks;

    private static Charge charge() {
        MemberSpec spec = MemberSpec.of("a", "h:1", HeartbeatMode.UDP, "h:1", Optional.of(new UUID(0, 1)), Map.of());
        Member member = new Member(spec, 17, 1, 0, Math.toIntExact(POLICY.leaseMillis()), 0, null);
        return new Charge(new GroupKey("default", "payments"), member, POLICY);
    }

    /** The seconds at which it pings, until then; each ping is acked at once. */
    private List<Long> pingsUntil(long seconds) {
        List<Long> pings = new ArrayList<>();
        while (watch.dueNanos() <= seconds * SECOND) {
            long nowNanos = watch.dueNanos();
            if ((watch.turn(nowNanos, false) & MemberWatch.PING) != 0) {
                pings.add(nowNanos / SECOND);
                assertThat(watch.acked(1, ++acks, nowNanos)).isTrue();
            }
        }
        return pings;
    }

    private void mayNotPingUntil(long seconds) {
        while (watch.dueNanos() <= seconds * SECOND) {
            watch.idle(watch.dueNanos());
        }
    }

    @Test
    void itPingsAtOnceAndThenEveryInterval() {
        assertThat(pingsUntil(20)).containsExactly(0L, 2L, 7L, 12L, 17L);
    }

    @Test
    void afterATimeInWhichItMayNotPingItDoesSoAtOnceAndKeepsItsPhase() {
        assertThat(pingsUntil(10)).containsExactly(0L, 2L, 7L);

        mayNotPingUntil(63);

        assertThat(pingsUntil(80)).containsExactly(64L, 67L, 72L, 77L);
        assertThat(watch.missed()).isZero();
    }

    /** A node that was paused comes to all of its members at one instant: they must not be pinged in one burst for ever. */
    @Test
    void afterAPauseItKeepsItsPhaseToo() {
        assertThat(pingsUntil(10)).containsExactly(0L, 2L, 7L);

        watch.idle(65 * SECOND + SECOND / 2);

        assertThat(watch.dueNanos()).isEqualTo(66 * SECOND + SECOND / 2);
        assertThat(pingsUntil(80)).containsExactly(66L, 67L, 72L, 77L);
    }
}
