package io.groupmembership.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fixtures are complete and true to the model. What the API server makes of them only an API server can tell: the
 * end-to-end tests show each to one.
 */
class FixturesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    private static final String EXPECT = "# expect: ";

    static Stream<Path> valid() {
        return files("valid").stream();
    }

    static Stream<Path> invalid() {
        return files("invalid").stream();
    }

    static Stream<Path> updates() {
        return files("updates").stream();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void whatIsValidIsReadAndWrittenWithoutLoss(Path file) throws IOException {
        JsonNode before = CrdYaml.YAML.readTree(file.toFile());
        KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);
        Class<?> type = before.path("kind").asText().equals("Group") ? Group.class : GroupMembershipCluster.class;

        Object resource = serialization.unmarshal(Files.readString(file), type);
        ObjectNode after = (ObjectNode) CrdYaml.YAML.readTree(serialization.asYaml(resource));

        after.remove("status");
        if (!before.has("spec")) {
            after.remove("spec");
        }
        assertThat(after.equals(FixturesTest::compare, before))
                .as("%s%nbecame%n%s", before.toPrettyString(), after.toPrettyString())
                .isTrue();
    }

    /** Quantities may be written as numbers, and are read as text. */
    private static int compare(JsonNode one, JsonNode other) {
        return one.isValueNode() && one.asText().equals(other.asText()) ? 0 : one.equals(other) ? 0 : 1;
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void whatIsInvalidSaysWhyAndHasAValidTwin(Path file) {
        assertThat(expectation(file)).isPresent();
        assertThat(FIXTURES.resolve("valid").resolve(file.getFileName())).isRegularFile();
    }

    @ParameterizedTest
    @MethodSource("updates")
    void anUpdateIsOfTheSameObject(Path directory) throws IOException {
        JsonNode before = CrdYaml.YAML.readTree(directory.resolve("before.yaml").toFile());
        JsonNode after = CrdYaml.YAML.readTree(directory.resolve("after.yaml").toFile());

        assertThat(after.path("kind")).isEqualTo(before.path("kind"));
        assertThat(after.path("metadata")).isEqualTo(before.path("metadata"));
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void everyRuleIsBrokenByAFixture() {
        List<String> expectations = Stream.concat(invalid(), updates().map(update -> update.resolve("after.yaml")))
                .flatMap(file -> expectation(file).stream())
                .toList();

        assertThat(Stream.of(CrdYaml.cluster(), CrdYaml.group()).flatMap(crd -> crd.ruleMessages().stream()))
                .isNotEmpty()
                .allMatch(message -> expectations.stream().anyMatch(message::contains));
    }

    private static Optional<String> expectation(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst()
                    .filter(line -> line.startsWith(EXPECT))
                    .map(line -> line.substring(EXPECT.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(String directory) {
        try (Stream<Path> files = Files.list(FIXTURES.resolve(directory))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
