package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of the custom resources, as the API server carries it out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomResourcesIT {
    private static final Path FIXTURES =
            Path.of(System.getProperty("gm.home", "..")).toAbsolutePath().resolve("crds/src/test/resources/fixtures");
    private static final String EXPECTED = "# expect:";

    private final Namespace namespace = new Namespace("custom-resources");

    @BeforeAll
    void fixturesAreThere() throws IOException {
        assertThat(files("valid")).hasSizeGreaterThan(20);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void aValidResourceIsAccepted(Path manifest) throws IOException {
        assertThat(resource(manifest).dryRun(true).create()).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void anInvalidResourceIsRefusedByItsRule(Path manifest) throws IOException {
        Resource<HasMetadata> resource = resource(manifest);
        assertThatThrownBy(() -> resource.dryRun(true).create())
                .hasMessageContaining(expected(manifest).orElseThrow());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("updates")
    void aChangeIsAcceptedOrRefusedByItsRule(Path directory) throws IOException {
        Path after = directory.resolve("after.yaml");
        Resource<HasMetadata> before = resource(directory.resolve("before.yaml"));
        HasMetadata created = before.create();
        try {
            HasMetadata wanted = load(after);
            wanted.getMetadata().setResourceVersion(created.getMetadata().getResourceVersion());
            wanted.getMetadata().setNamespace(namespace.name());
            Optional<String> expected = expected(after);
            if (expected.isPresent()) {
                assertThatThrownBy(() -> client().resource(wanted).update()).hasMessageContaining(expected.get());
            } else {
                assertThat(client().resource(wanted).update()).isNotNull();
            }
        } finally {
            before.delete();
            namespace.await("the fixture is gone", () -> before.get() == null);
        }
    }

    static List<Path> valid() throws IOException {
        return files("valid");
    }

    static List<Path> invalid() throws IOException {
        return files("invalid");
    }

    static List<Path> updates() throws IOException {
        return files("updates");
    }

    private static List<Path> files(String kind) throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES.resolve(kind))) {
            return files.sorted().toList();
        }
    }

    private KubernetesClient client() {
        return namespace.client();
    }

    private Resource<HasMetadata> resource(Path manifest) throws IOException {
        return client().resource(load(manifest)).inNamespace(namespace.name());
    }

    private HasMetadata load(Path manifest) throws IOException {
        return client().load(new ByteArrayInputStream(Files.readAllBytes(manifest)))
                .items()
                .getFirst();
    }

    private static Optional<String> expected(Path manifest) throws IOException {
        return Files.readAllLines(manifest).stream()
                .filter(line -> line.startsWith(EXPECTED))
                .map(line -> line.substring(EXPECTED.length()).strip())
                .findFirst();
    }
}
