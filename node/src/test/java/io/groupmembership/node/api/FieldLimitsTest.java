package io.groupmembership.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the description says of names is what the node takes. */
class FieldLimitsTest {
    private static final int MOST_CHARACTERS = 5;

    /** Every text of up to five of these characters. */
    private static List<String> texts() {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int from = 0, length = 1; length <= MOST_CHARACTERS; length++) {
            int to = texts.size();
            for (int i = from; i < to; i++) {
                for (char c : "aZ0-.:/ ".toCharArray()) {
                    texts.add(texts.get(i) + c);
                }
            }
            from = to;
        }
        return texts;
    }

    private static void agree(String pattern, Function<String, Optional<String>> problem) {
        Pattern described = Pattern.compile(pattern);

        assertThat(texts())
                .allSatisfy(text -> assertThat(described.matcher(text).find())
                        .isEqualTo(problem.apply(text).isEmpty()));
    }

    @Test
    void namespaces() {
        agree(FieldLimits.NAMESPACE, Names::namespaceProblem);
    }

    @Test
    void groups() {
        agree(FieldLimits.GROUP, Names::groupProblem);
    }

    @Test
    void memberIds() {
        agree(FieldLimits.MEMBER_ID, Names::memberIdProblem);
    }

    @Test
    void keys() {
        agree(FieldLimits.KEY, Names::keyProblem);
    }

    /** Some that match are refused all the same: a pattern does not count to 65,535. */
    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3:7000", "[2001:db8::1]:7000", "[::ffff:10.1.2.3]:1", "db.example:65535", "h:1"})
    void addressesThatAreTakenMatch(String address) {
        assertThat(HostPort.parse(address).port()).isPositive();

        assertThat(address).matches(FieldLimits.ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "\"17\"", "\"\"", "\"!#~\""})
    void entityTagsThatAreTakenMatch(String tag) {
        assertThat(EntityTags.condition(Optional.of(tag), Optional.empty())).isNotNull();

        assertThat(tag).matches(FieldLimits.ENTITY_TAG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "W/\"17\"", "\"1\"2\"", "\"1 2\"", "\"1\", \"2\""})
    void entityTagsThatAreNotTakenDoNotMatch(String tag) {
        assertThat(tag).doesNotMatch(FieldLimits.ENTITY_TAG);
    }
}
