package io.groupmembership.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.groupmembership.crds.Conditions.Finding;
import io.groupmembership.crds.Conditions.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00.123Z");
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final Finding READY = new Finding("Ready", Status.TRUE, "AllReady", "3 of 3 nodes are ready.");
    private static final Finding NOT_READY = new Finding("Ready", Status.FALSE, "Starting", "2 of 3 nodes are ready.");
    private static final Finding FORMED = new Finding("Formed", Status.TRUE, "Formed", "The cluster is formed.");

    @Test
    void theFirstFindingIsAddedWithItsTimeInSeconds() {
        Condition ready = Conditions.with(List.of(), READY, 7, NOON).getFirst();

        assertThat(ready.getType()).isEqualTo("Ready");
        assertThat(ready.getStatus()).isEqualTo("True");
        assertThat(ready.getReason()).isEqualTo("AllReady");
        assertThat(ready.getMessage()).isEqualTo("3 of 3 nodes are ready.");
        assertThat(ready.getObservedGeneration()).isEqualTo(7);
        assertThat(ready.getLastTransitionTime()).isEqualTo("2026-11-01T12:00:00Z");
    }

    @Test
    void whoFindsTheSameAgainHasNothingToWrite() {
        List<Condition> before = Conditions.with(Conditions.with(List.of(), READY, 7, NOON), FORMED, 7, NOON);

        assertThat(Conditions.with(before, READY, 7, LATER)).isEqualTo(before);
    }

    @Test
    void anotherReasonIsNoTransition() {
        List<Condition> before = Conditions.with(List.of(), READY, 7, NOON);

        List<Condition> after = Conditions.with(before, new Finding("Ready", Status.TRUE, "Enough", "."), 8, LATER);

        assertThat(after).hasSize(1).first().satisfies(ready -> {
            assertThat(ready.getReason()).isEqualTo("Enough");
            assertThat(ready.getObservedGeneration()).isEqualTo(8);
            assertThat(ready.getLastTransitionTime()).isEqualTo("2026-11-01T12:00:00Z");
        });
    }

    @Test
    void anotherStatusIsATransitionAndTheOthersStayInTheirPlaces() {
        List<Condition> before = Conditions.with(Conditions.with(List.of(), READY, 7, NOON), FORMED, 7, NOON);

        List<Condition> after = Conditions.with(before, NOT_READY, 7, LATER);

        assertThat(after).extracting(Condition::getType).containsExactly("Ready", "Formed");
        assertThat(after)
                .extracting(Condition::getLastTransitionTime)
                .containsExactly("2026-11-01T12:01:00Z", "2026-11-01T12:00:00Z");
        assertThat(Conditions.holds(before, "Ready")).isTrue();
        assertThat(Conditions.holds(after, "Ready")).isFalse();
        assertThat(Conditions.holds(after, "Scaling")).isFalse();
    }

    @Test
    void aMessageThatIsTooLongIsCut() {
        Finding finding = new Finding("Ready", Status.UNKNOWN, "Unreachable", "x".repeat(Conditions.MAX_MESSAGE + 1));

        assertThat(Conditions.with(List.of(), finding, 1, NOON).getFirst().getMessage())
                .hasSize(Conditions.MAX_MESSAGE);
    }
}
