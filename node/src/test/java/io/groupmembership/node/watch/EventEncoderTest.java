package io.groupmembership.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.node.api.MonitorNames;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventEncoderTest {
    private static final MonitorNames NOBODY = MonitorNames.of(new MembershipState(UUID.randomUUID()));

    @Test
    void anEventOfAGroupHasItsViewAsId() {
        Frame frame = EventEncoder.ofGroup(List.of(change(9, "g", 4)), NOBODY);

        assertThat(frame.number()).isEqualTo(4);
        assertThat(frame.bytes().toString())
                .isEqualTo(
                        "event: view\nid: 4\ndata: {\"namespace\":\"default\",\"group\":\"g\",\"view\":4,\"leader\":\"a\","
                                + "\"joined\":[{\"memberId\":\"a\",\"address\":\"h:1\",\"incarnation\":7,\"monitor\":\"\","
                                + "\"fenced\":false,\"metadata\":{\"note\":\"line\\nbreak\"}}],"
                                + "\"left\":[{\"memberId\":\"a\",\"incarnation\":7,\"reason\":\"crashed\"}]}\n\n");
    }

    @Test
    void onlyTheLastEventOfALogEntryHasAnId() {
        List<Frame> frames =
                EventEncoder.ofEntries(List.of(change(5, "g", 1), change(5, "h", 3), change(8, "g", 2)), NOBODY);

        assertThat(frames).extracting(Frame::number).containsExactly(5L, 8L);
        assertThat(frames).extracting(Frame::events).containsExactly(2, 1);
        assertThat(frames.getFirst().bytes().toString().lines().filter(line -> line.startsWith("id:")))
                .containsExactly("id: 5");
        assertThat(frames.getFirst().bytes().toString().indexOf("id: 5"))
                .isGreaterThan(frames.getFirst().bytes().toString().indexOf("\"group\":\"g\""));
    }

    private static ViewChange change(long logIndex, String group, long view) {
        Member member = new Member(
                MemberSpec.of("a", "h:1", HeartbeatMode.TCP, "h:1", Optional.empty(), Map.of("note", "line\nbreak")),
                7,
                1,
                -1,
                0,
                0,
                null);
        return new ViewChange(
                logIndex,
                new GroupKey("default", group),
                view,
                Optional.of("a"),
                List.of(member),
                List.of(new ViewChange.Left(member, LeaveReason.CRASHED)));
    }
}
