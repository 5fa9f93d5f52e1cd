package io.groupmembership.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.groupmembership.membership.KvCondition;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    @Test
    void noHeaderIsNoCondition() {
        assertThat(EntityTags.condition(Optional.empty(), Optional.empty())).isEqualTo(new KvCondition.Always());
    }

    @Test
    void aStarAsksWhetherTheKeyExists() {
        assertThat(ifMatch("*")).isEqualTo(new KvCondition.Present());
        assertThat(ifNoneMatch("*")).isEqualTo(new KvCondition.Absent());
    }

    @Test
    void aTagAsksForItsVersion() {
        assertThat(ifMatch("\"17\"")).isEqualTo(new KvCondition.VersionIs(17));
        assertThat(ifNoneMatch(" \"17\" ")).isEqualTo(new KvCondition.VersionIsNot(17));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "\"017\"", "\"\"", "\"99999999999999999999\"", "\"-1\""})
    void aTagThatIsNoneOfOursMatchesNoVersion(String tag) {
        assertThat(ifMatch(tag).holds(17)).isFalse();
        assertThat(ifMatch(tag).holds(0)).isFalse();
        assertThat(ifNoneMatch(tag).holds(17)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "W/\"17\"", "\"17\", \"18\"", "\"17", "17\"", "", "\"", "\"1\"7\"", "\"1 7\"", "**"})
    void whatIsNoSingleStrongTagIsRefusedWithTheNameOfTheHeader(String value) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ifMatch(value))
                .satisfies(e -> assertThat(e.problem().field()).isEqualTo("If-Match"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ifNoneMatch(value))
                .satisfies(e -> assertThat(e.problem().field()).isEqualTo("If-None-Match"));
    }

    @Test
    void bothHeadersTogetherAreRefused() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> EntityTags.condition(Optional.of("*"), Optional.of("*")))
                .satisfies(e -> assertThat(e.problem().field()).isEqualTo("If-None-Match"));
    }

    private static KvCondition ifMatch(String value) {
        return EntityTags.condition(Optional.of(value), Optional.empty());
    }

    private static KvCondition ifNoneMatch(String value) {
        return EntityTags.condition(Optional.empty(), Optional.of(value));
    }
}
