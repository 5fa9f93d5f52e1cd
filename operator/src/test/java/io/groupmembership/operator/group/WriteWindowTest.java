package io.groupmembership.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WriteWindowTest {
    private static final long SECOND = 1_000_000_000L;

    private final WriteWindow whole = new WriteWindow(5);
    private final WriteWindow part = whole.part(3);

    @Test
    void soManyBeginWithinAnySecond() {
        assertThat(begun(whole, 10, 7)).isEqualTo(5);
        assertThat(whole.opensAt()).isEqualTo(10 + SECOND);
        assertThat(begun(whole, 9 + SECOND, 1)).isZero();
        assertThat(begun(whole, 10 + SECOND, 7)).isEqualTo(5);
    }

    @Test
    void aPartLeavesSomeForTheOthers() {
        assertThat(begun(part, 0, 7)).isEqualTo(3);
        assertThat(part.opensAt()).isEqualTo(SECOND);
        assertThat(begun(whole, 1, 7)).isEqualTo(2);
        assertThat(whole.opensAt()).isEqualTo(SECOND);
    }

    @Test
    void aPartHasOnlyWhatTheOthersHaveLeft() {
        assertThat(begun(whole, 0, 4)).isEqualTo(4);
        assertThat(begun(part, 1, 7)).isEqualTo(1);
        assertThat(part.opensAt())
                .as("when the first of the others is a second old")
                .isEqualTo(SECOND);
        assertThat(begun(part, SECOND, 7)).isEqualTo(2);
        assertThat(part.opensAt()).as("when its own first is a second old").isEqualTo(SECOND + 1);
    }

    private static int begun(WriteWindow window, long now, int asked) {
        int begun = 0;
        for (int i = 0; i < asked; i++) {
            begun += window.begin(now) ? 1 : 0;
        }
        return begun;
    }
}
