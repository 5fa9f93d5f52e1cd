package io.groupmembership.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Batch;
import io.groupmembership.membership.Command;
import io.groupmembership.membership.Entry;
import io.groupmembership.membership.EventSink;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CatchUpDecisionTest {
    private static final GroupKey GROUP = new GroupKey("default", "g");
    private static final GroupKey OTHER = new GroupKey("default", "h");
    private static final Watched ONE = new Watched.Group(GROUP);
    private static final Watched ALL = new Watched.Everything();

    private final MembershipState state = new MembershipState(UUID.randomUUID());
    private long nextIndex;

    @Test
    void whoHasNothingGetsASnapshot() {
        join(GROUP, "a");

        CatchUpDecision.Anew anew = (CatchUpDecision.Anew) CatchUpDecision.of(state, ONE, WatchRequest.NOTHING);

        assertThat(anew.event()).isEqualTo("snapshot");
        assertThat(anew.head()).isEqualTo(1);
        assertThat(anew.views().getFirst().view().members()).hasSize(1);
    }

    @Test
    void aGroupThatNobodyJoinedIsEmptyAndHasViewZero() {
        CatchUpDecision.Anew anew = (CatchUpDecision.Anew) CatchUpDecision.of(state, ONE, WatchRequest.NOTHING);

        assertThat(anew.head()).isZero();
        assertThat(anew.views().getFirst().view().members()).isEmpty();
        assertThat(changes(ONE, 0)).isEmpty();
        assertThat(CatchUpDecision.of(state, ONE, 3)).isInstanceOf(CatchUpDecision.Anew.class);
    }

    @Test
    void whoHasSomethingGetsTheChangesSince() {
        join(GROUP, "a");
        join(OTHER, "x");
        join(GROUP, "b");
        join(GROUP, "c");

        assertThat(changes(ONE, 1)).extracting(ViewChange::view).containsExactly(2L, 3L);
        assertThat(changes(ONE, 3)).isEmpty();
        assertThat(changes(ALL, 0)).extracting(ViewChange::position).containsExactly(1L, 2L, 3L);
        assertThat(CatchUpDecision.of(state, ALL, 0).head()).isEqualTo(3);
    }

    @Test
    void aNumberFromTheFutureIsAReset() {
        join(GROUP, "a");

        CatchUpDecision.Anew ofGroup = (CatchUpDecision.Anew) CatchUpDecision.of(state, ONE, Long.MAX_VALUE);
        CatchUpDecision.Anew ofAll = (CatchUpDecision.Anew) CatchUpDecision.of(state, ALL, 99);

        assertThat(ofGroup.event()).isEqualTo("reset");
        assertThat(ofGroup.head()).isEqualTo(1);
        assertThat(ofAll.event()).isEqualTo("reset");
    }

    @Test
    void aNumberThatTheHistoryHasForgottenIsAReset() {
        join(GROUP, "a");
        Map<String, String> large = Map.of("note", "x".repeat(4_000));
        for (int i = 0; i < 6; i++) {
            List<Command.Joiner> thousand = new ArrayList<>();
            for (int j = 0; j < 1_000; j++) {
                thousand.add(joiner("m" + i + "-" + j, large));
            }
            apply(new Command.Join(OTHER, thousand));
        }
        join(GROUP, "b");

        assertThat(CatchUpDecision.of(state, ONE, 0)).isInstanceOf(CatchUpDecision.Anew.class);
        assertThat(changes(ONE, 1)).hasSize(1);
        assertThat(CatchUpDecision.of(state, ALL, 0)).isInstanceOf(CatchUpDecision.Anew.class);
    }

    private List<ViewChange> changes(Watched watched, long position) {
        return ((CatchUpDecision.Changes) CatchUpDecision.of(state, watched, position)).changes();
    }

    private void join(GroupKey group, String memberId) {
        apply(new Command.Join(group, List.of(joiner(memberId, Map.of()))));
    }

    private static Command.Joiner joiner(String memberId, Map<String, String> metadata) {
        return new Command.Joiner(
                MemberSpec.of(memberId, "h:1", HeartbeatMode.TCP, "h:1", Optional.empty(), metadata),
                OptionalLong.empty());
    }

    private void apply(Command command) {
        Batch batch = new Batch(1, nextIndex, nextIndex, List.of(new Request(Optional.empty(), command)));
        assertThat(state.apply(new Entry("node-1", 0, batch), nextIndex, EventSink.NONE))
                .hasSize(1);
        nextIndex++;
    }
}
