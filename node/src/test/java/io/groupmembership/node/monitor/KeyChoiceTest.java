package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyChoiceTest {
    private static final HeartbeatKey OLD = HeartbeatKey.of(7, "A".repeat(43) + "=");
    private static final HeartbeatKey IN_USE = HeartbeatKey.of(8, "B".repeat(42) + "A=");

    private final KeyChoice keys = new KeyChoice(List.of(IN_USE, OLD));

    @Test
    void aMemberThatWasNotToldTheNewKeyIsReachedByARepeatedPing() {
        assertThat(keys.next()).isSameAs(IN_USE);
        assertThat(keys.next()).isSameAs(OLD);

        keys.answered(OLD);
        assertThat(keys.chosen()).as("what its answer is confirmed with").isSameAs(OLD);
        assertThat(keys.next()).isSameAs(OLD);
    }

    @Test
    void aMemberThatWasToldTheNewKeyIsSpokenToWithItThoughAPingWasLost() {
        assertThat(keys.next()).isSameAs(IN_USE);
        assertThat(keys.next()).isSameAs(OLD);
        assertThat(keys.next()).isSameAs(IN_USE);

        keys.answered(IN_USE);
        assertThat(keys.next()).isSameAs(IN_USE);
    }

    @Test
    void theOnlyKeyIsRepeated() {
        KeyChoice one = new KeyChoice(List.of(OLD));

        assertThat(List.of(one.next(), one.next())).containsOnly(OLD);
    }

    @Test
    void anAnswerUnderNoKeyOfTheMemberIsNoAnswer() {
        assertThat(keys.find(7)).isSameAs(OLD);
        assertThat(keys.find(1)).isNull();
    }

    @Test
    void whoAnsweredIsSpokenToWithTheSameKeyWhenOthersCome() {
        HeartbeatKey newest = HeartbeatKey.of(9, "C".repeat(42) + "A=");
        keys.next();
        keys.next();
        keys.answered(OLD);

        keys.become(List.of(newest, IN_USE, OLD));
        assertThat(keys.next()).isSameAs(OLD);
        assertThat(keys.find(9)).isSameAs(newest);

        keys.answered(OLD);
        keys.become(List.of(newest));
        assertThat(keys.next()).as("its own is gone").isSameAs(newest);
    }
}
