package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples of deploy/samples are what an API server accepts, and what they say of themselves comes about. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplesIT {
    private static final Path SAMPLES = Kubernetes.HOME.resolve("deploy/samples");

    private final Namespace namespace = new Namespace("samples");

    @AfterAll
    void close() {
        namespace.close();
    }

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void aSampleIsAcceptedToTheLetter(Path sample) throws IOException {
        String said = Kubernetes.get()
                .feedKubectl(
                        Files.readString(sample),
                        "-n",
                        namespace.name(),
                        "apply",
                        "--dry-run=server",
                        "--validate=strict",
                        "-f",
                        "-");

        assertThat(said.lines()).isNotEmpty().allMatch(line -> line.endsWith("(server dry run)"));
    }

    @Test
    void theGroupsOfTheSamplesFormAndTheServiceFollowsOne() throws IOException {
        namespace.apply(sample("cluster.yaml"));
        namespace.awaitReady("demo", 3);
        namespace.apply(sample("service-of-a-group.yaml"));
        namespace.apply(sample("deployment.yaml"));
        namespace.apply(sample("statefulset.yaml"));

        namespace.awaitMembers("payments", 5);
        namespace.awaitMembers("storage", 3);
        namespace.await("the Service has the members", () -> endpoints("payments") == 5);
        namespace.kubectl("rollout", "status", "statefulset/store", "--timeout=120s");
    }

    private static String sample(String file) throws IOException {
        return Files.readString(SAMPLES.resolve(file)).replace("image: busybox:1", "image: APPLICATION_IMAGE");
    }

    private long endpoints(String service) {
        return namespace
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace.name())
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .flatMap((Endpoint endpoint) -> endpoint.getAddresses().stream())
                .distinct()
                .count();
    }
}
