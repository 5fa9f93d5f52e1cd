package io.groupmembership.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "a-b", "0", "default", "kube-system", "a--b"})
    void namespaces(String name) {
        assertThat(Names.namespaceProblem(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-a", "a-", "A", "a.b", "a_b", "a/b", "..", "a\n", "ä", "a b", "a\u0000", "%2e", "\u0661"})
    void noNamespaces(String name) {
        assertThat(Names.namespaceProblem(name)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "payments.v2", "a-b.c-d", "1.2"})
    void groups(String name) {
        assertThat(Names.groupProblem(name)).isEmpty();
    }

    /** A group is a resource in Kubernetes: what stands between two dots is a label there. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.", ".a", "a..b", "a.-b", "a-.b", "a/b", "A", "a_b", "a.b/../c"})
    void noGroups(String name) {
        assertThat(Names.groupProblem(name)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "pod-1", "Pod_1.x", "a..b", "0"})
    void memberIds(String name) {
        assertThat(Names.memberIdProblem(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "-", "a/b", "a\\b", "a b", "a\tb", "é", "a:", "_a", "a_", "a\u0000b"})
    void noMemberIds(String name) {
        assertThat(Names.memberIdProblem(name)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b/c", "a.b=c:d_e-f", "...", "a/...b"})
    void keys(String key) {
        assertThat(Names.keyProblem(key)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "a b", "a%2f", "ä", "a\nb"})
    void noKeys(String key) {
        assertThat(Names.keyProblem(key)).isPresent();
    }

    @Test
    void lengthsAreThoseOfTheLimits() {
        assertThat(Names.namespaceProblem("a".repeat(63))).isEmpty();
        assertThat(Names.namespaceProblem("a".repeat(64)))
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains("63").contains("64"));
        assertThat(Names.groupProblem("a".repeat(63))).isEmpty();
        assertThat(Names.groupProblem("a".repeat(64))).isPresent();
        assertThat(Names.memberIdProblem("a".repeat(253))).isEmpty();
        assertThat(Names.memberIdProblem("a".repeat(254))).isPresent();
        assertThat(Names.keyProblem("a".repeat(512))).isEmpty();
        assertThat(Names.keyProblem("a".repeat(513))).isPresent();
    }

    @Property(tries = 2_000)
    void whatIsANameIsPlainAscii(@ForAll String text) {
        if (Names.namespaceProblem(text).isEmpty()) {
            assertThat(text).matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
            assertThat(Names.groupProblem(text)).isEmpty();
        }
        if (Names.memberIdProblem(text).isEmpty()) {
            assertThat(text).matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
        }
        if (Names.keyProblem(text).isEmpty()) {
            assertThat(text).matches("[A-Za-z0-9._:=-]+(/[A-Za-z0-9._:=-]+)*");
        }
    }

    @Test
    void heartbeatsAreNamedInLowerCase() {
        assertThat(HeartbeatMode.ofWord("udp")).contains(HeartbeatMode.UDP);
        assertThat(HeartbeatMode.ofWord("tcp")).contains(HeartbeatMode.TCP);
        assertThat(HeartbeatMode.ofWord("http")).contains(HeartbeatMode.HTTP);
        assertThat(HeartbeatMode.ofWord("UDP")).isEmpty();
        assertThat(HeartbeatMode.ofWord("")).isEmpty();
        // their order is in the log and in snapshots
        assertThat(HeartbeatMode.values()).containsExactly(HeartbeatMode.UDP, HeartbeatMode.TCP, HeartbeatMode.HTTP);
    }
}
