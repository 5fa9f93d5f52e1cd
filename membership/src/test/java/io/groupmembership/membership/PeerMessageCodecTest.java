package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerMessageCodecTest {
    private static final GroupKey GROUP = new GroupKey("default", "payments");

    static List<PeerMessage> messages() {
        return List.of(
                new PeerMessage.Report(new Command.Beat("node-1", -5, 17, 99), Map.of(GROUP, 3)),
                new PeerMessage.Suspicions(
                        List.of(new Command.Target(GROUP, "a", 7, 2, LeaveReason.CRASHED, TestCluster.SILENCE))),
                new PeerMessage.Questions("node-2", List.of(new PeerMessage.Question(GROUP, "a", 7, 2))),
                new PeerMessage.Findings("node-3", List.of(new PeerMessage.Finding(7, 2, true))));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageIsReadAsItWasWritten(PeerMessage message) {
        assertThat(PeerMessageCodec.decode(PeerMessageCodec.encode(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsCutShortOrTooLongIsRefused(PeerMessage message) {
        byte[] bytes = PeerMessageCodec.encode(message);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> PeerMessageCodec.decode(cut)).isInstanceOf(RuntimeException.class);
        }
        assertThatThrownBy(() -> PeerMessageCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(CorruptDataException.class);
    }
}
