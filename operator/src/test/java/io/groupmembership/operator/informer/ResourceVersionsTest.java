package io.groupmembership.operator.informer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ResourceVersionsTest {
    @Test
    void numbersCompareByValueAndNothingElseIsOlder() {
        assertThat(ResourceVersions.isOlder("9", "10")).isTrue();
        assertThat(ResourceVersions.isOlder("10", "9")).isFalse();
        assertThat(ResourceVersions.isOlder("10", "10")).isFalse();
        assertThat(ResourceVersions.isOlder("9", "99999999999999999999999")).isTrue();
        assertThat(ResourceVersions.isOlder("", "10")).isFalse();
        assertThat(ResourceVersions.isOlder("a", "10")).isFalse();
        assertThat(ResourceVersions.isOlder("09", "10")).isFalse();
    }
}
