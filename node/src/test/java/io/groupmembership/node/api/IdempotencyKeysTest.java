package io.groupmembership.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.groupmembership.membership.Request.IdempotencyKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeysTest {
    @Test
    void theSameRequestHasTheSameName() {
        assertThat(key("k", "POST", List.of("ns", "g"), "a")).isEqualTo(key("k", "POST", List.of("ns", "g"), "a"));
    }

    @Test
    void anotherContentIsAnotherFingerprintOfTheSameName() {
        IdempotencyKey one = key("k", "POST", List.of("ns", "g"), "a");
        IdempotencyKey other = key("k", "POST", List.of("ns", "g"), "b");

        assertThat(other.high()).isEqualTo(one.high());
        assertThat(other.low()).isEqualTo(one.low());
        assertThat(other.fingerprint()).isNotEqualTo(one.fingerprint());
    }

    @Test
    void anotherResourceOrMethodIsAnotherName() {
        IdempotencyKey one = key("k", "POST", List.of("ns", "g"), "a");

        assertThat(key("k", "PUT", List.of("ns", "g"), "a").high()).isNotEqualTo(one.high());
        assertThat(key("k", "POST", List.of("ns", "h"), "a").high()).isNotEqualTo(one.high());
        assertThat(key("k", "POST", List.of("n", "sg"), "a").high()).isNotEqualTo(one.high());
        assertThat(key("l", "POST", List.of("ns", "g"), "a").high()).isNotEqualTo(one.high());
    }

    @Test
    void theSameKeyOfAnotherCallerIsAnotherName() {
        IdempotencyKey one = keyOf("one");

        assertThat(keyOf("one")).isEqualTo(one);
        assertThat(keyOf("other").high()).isNotEqualTo(one.high());
        assertThat(key("k", "POST", List.of("ns", "g"), "a").high()).isNotEqualTo(one.high());
    }

    private static IdempotencyKey keyOf(String caller) {
        return IdempotencyKeys.of(
                        Optional.of("k"), "POST", Optional.of(caller), List.of("ns", "g"), digest -> digest.add("a"))
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "é", "a\tb", "a\u007f"})
    void whatIsNoKeyIsRefusedWithTheNameOfTheHeader(String key) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> key(key, "POST", List.of(), ""))
                .satisfies(e -> assertThat(e.problem().field()).isEqualTo("Idempotency-Key"));
    }

    @Test
    void aKeyOf129CharactersIsRefused() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> key("k".repeat(129), "POST", List.of(), ""));
        assertThat(key("k".repeat(128), "POST", List.of(), "")).isNotNull();
    }

    private static IdempotencyKey key(String key, String method, List<String> resource, String content) {
        return IdempotencyKeys.of(Optional.of(key), method, Optional.empty(), resource, digest -> digest.add(content))
                .orElseThrow();
    }
}
