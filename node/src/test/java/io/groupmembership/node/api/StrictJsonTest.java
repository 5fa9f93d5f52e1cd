package io.groupmembership.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.api.BatchJoinRequest;
import io.groupmembership.protocol.api.JoinRequest;
import io.groupmembership.protocol.api.Policy;
import io.groupmembership.protocol.api.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    @Test
    void aRequestIsReadToTheLetter() {
        JoinRequest request = StrictJson.read(
                utf8("{\"memberId\":\"a\",\"address\":\"h:1\",\"replaces\":16,\"metadata\":{\"zone\":\"eu-1\"}}"),
                JoinRequest.class);

        assertThat(request).isEqualTo(new JoinRequest("a", "h:1", null, null, null, 16L, Map.of("zone", "eu-1")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"memberID\":\"a\"}|memberID",
                "{\"memberId\":5}|memberId",
                "{\"memberId\":true}|memberId",
                "{\"memberId\":{}}|memberId",
                "{\"memberId\":[\"a\"]}|memberId",
                "{\"replaces\":\"16\"}|replaces",
                "{\"replaces\":1.5}|replaces",
                "{\"replaces\":16.0}|replaces",
                "{\"replaces\":true}|replaces",
                "{\"replaces\":\"\"}|replaces",
                "{\"replaces\":99999999999999999999}|replaces",
                "{\"metadata\":\"\"}|metadata",
                "{\"metadata\":[]}|metadata",
                "{\"metadata\":{\"zone\":1}}|metadata.zone",
                "{\"metadata\":{\"zone\":{}}}|metadata.zone"
            })
    void aFieldOfAnotherKindIsRefusedWithItsName(String json, String field) {
        assertThat(problemOf(json, JoinRequest.class).field()).isEqualTo(field);
    }

    @Test
    void inAListTheFieldSaysWhichItem() {
        String json = "{\"members\":[{\"memberId\":\"a\"},{\"memberId\":\"b\",\"adress\":\"h:1\"}]}";

        Problem problem = problemOf(json, BatchJoinRequest.class);

        assertThat(problem.field()).isEqualTo("members[1].adress");
        assertThat(problem.type()).isEqualTo(Problem.TYPE_PREFIX + "unknown-field");
    }

    @Test
    void anIntegerThatIsTooLargeForItsFieldIsRefused() {
        assertThat(problemOf("{\"misses\":3000000000}", Policy.class).field()).isEqualTo("misses");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"a\"",
                "7",
                "{",
                "{\"memberId\":\"a\"",
                "{\"memberId\":\"a\"}}",
                "{\"memberId\":\"a\"} {\"memberId\":\"b\"}",
                "{\"memberId\":\"a\",\"memberId\":\"b\"}",
                "{\"metadata\":{\"k\":\"1\",\"k\":\"2\"}}",
                "{memberId:\"a\"}",
                "{'memberId':'a'}",
                "{\"memberId\":\"a\",}",
                "{\"memberId\":\"a\"} // said a comment",
                "{\"replaces\":NaN}",
                "{\"replaces\":016}",
                "{\"memberId\":\"\u0001\"}"
            })
    void whatIsNotTheJsonOfARequestIsRefused(String json) {
        Problem problem = problemOf(json, JoinRequest.class);

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).doesNotContain("io.groupmembership").doesNotContain("com.fasterxml");
    }

    @Test
    void deepNestingIsRefused() {
        String json = "{\"metadata\":" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_001);

        assertThat(problemOf(json, JoinRequest.class).status()).isEqualTo(400);
    }

    @Test
    void malformedJsonIsRefusedWithItsPlace() {
        assertThat(problemOf("{\"memberId\":\"a\",\n  \"address\" \"h:1\"}", JoinRequest.class)
                        .detail())
                .contains("line 2, column 1");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] json = utf8("{\"memberId\":\"a_b\"}");
        json[14] = (byte) 0xC3;

        assertThat(problemOf(json, JoinRequest.class).status()).isEqualTo(400);
    }

    @Property(tries = 3_000)
    void anyBytesAreReadOrRefusedWithAProblem(@ForAll("texts") String text) {
        try {
            assertThat(StrictJson.read(utf8(text), BatchJoinRequest.class)).isNotNull();
        } catch (ProblemException e) {
            assertThat(e.problem().status()).isEqualTo(400);
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"members\"",
                        "\"memberId\"",
                        "\"metadata\"",
                        "\"a\"",
                        "1",
                        "-",
                        "null",
                        "true",
                        "1e9",
                        "\\",
                        "\u0000",
                        "é",
                        "\ud83d",
                        " ")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }

    private static Problem problemOf(String json, Class<?> type) {
        return problemOf(utf8(json), type);
    }

    private static Problem problemOf(byte[] json, Class<?> type) {
        try {
            Object read = StrictJson.read(json, type);
            throw new AssertionError("was read as " + read);
        } catch (ProblemException e) {
            return e.problem();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
