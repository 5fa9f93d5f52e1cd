package io.groupmembership.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/groups",
                "/v1/namespaces/default/groups/a.b/members:batch",
                "/v1/namespaces/default/groups/g/members%3Abatch",
                "/v1/namespaces/default/kv/a/b=c:d",
                "/v1/namespaces/default/kv/...a/.b/..c"
            })
    void aPathThatMeansOneThingIsTaken(String path) {
        assertThat(PathRules.problem(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v1/groups",
                "/v1//groups",
                "/v1/groups/",
                "/v1/./groups",
                "/v1/../groups",
                "/v1/groups/..",
                "/v1/groups/.",
                "/v1/%2e%2e/groups",
                "/v1/%2E/groups",
                "/v1/a%2fb",
                "/v1/a%2Fb",
                "/v1/a%5cb",
                "/v1/a\\b",
                "/v1/a;b=c",
                "/v1/a%3bb",
                "/v1/a%00b",
                "/v1/a%0ab",
                "/v1/a%20b",
                "/v1/a%7fb",
                "/v1/a%252fb",
                "/v1/a%",
                "/v1/a%2",
                "/v1/a%zz",
                "/v1/a b",
                "/v1/é"
            })
    void aPathThatMayMeanAnotherThingIsRefused(String path) {
        assertThat(PathRules.problem(path)).isPresent();
    }

    /** What is taken is the same path after the normalization that routers do. */
    @Property(tries = 5_000)
    void aPathThatIsTakenIsItsOwnNormalForm(@ForAll("paths") String path) {
        if (PathRules.problem(path).isEmpty()) {
            assertThat(URI.create("http://host" + path).normalize().getPath())
                    .isEqualTo(URI.create("http://host" + path).getPath());
        }
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("a", "b", "/", ".", "..", "%2e", "%2F", "%41", "%", ";", "\\", ":", " ", "é", "//")
                .list()
                .ofMaxSize(8)
                .map(parts -> "/" + String.join("", parts));
    }
}
