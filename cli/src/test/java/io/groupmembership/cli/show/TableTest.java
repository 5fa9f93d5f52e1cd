package io.groupmembership.cli.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        assertThat(new Table("GROUP", "VIEW", "LEADER")
                        .row("payments", 3, "a")
                        .row("x", 12_345, "")
                        .lines())
                .containsExactly("GROUP      VIEW    LEADER", "payments   3       a", "x          12345   -");
    }

    @Test
    void whatAMemberSaysCannotSteerTheTerminal() {
        assertThat(new Table("M").row("a\u001b[31m\nb").lines()).containsExactly("M", "a?[31m?b");
    }

    @Test
    void aRowHasACellForEachHeading() {
        assertThatThrownBy(() -> new Table("A", "B").row("only one")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "5s,5000", "1.5s,1500", "0.25s,250", "2m,120000", "1h,3600000", "90d,7776000000"})
    void durationsAreReadAsPeopleTypeThem(String text, long millis) {
        assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "0s", "1e3s", "5w", "9999999999s", "1.2345s"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void durationsAreShownShort() {
        assertThat(DurationText.of(5_000)).isEqualTo("5s");
        assertThat(DurationText.of(1_500)).isEqualTo("1500ms");
        assertThat(DurationText.of(120_000)).isEqualTo("2m");
        assertThat(DurationText.age(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(DurationText.age(Duration.ofMinutes(90))).isEqualTo("90m");
        assertThat(DurationText.age(Duration.ofHours(47))).isEqualTo("47h");
        assertThat(DurationText.age(Duration.ofHours(49))).isEqualTo("2d");
        assertThat(DurationText.age(Duration.ofSeconds(-3))).isEqualTo("0s");
        assertThat(DurationText.seconds(Duration.ofMillis(3_249))).isEqualTo("3.2 s");
    }
}
