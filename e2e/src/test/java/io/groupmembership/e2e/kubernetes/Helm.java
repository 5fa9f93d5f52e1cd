package io.groupmembership.e2e.kubernetes;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** The helm that e2e/kubernetes/helm builds, or the one that {@code GM_HELM} names. It runs on this machine. */
final class Helm {
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(30);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final String program = Kubernetes.run(
                    BUILD_LIMIT,
                    Kubernetes.HOME.resolve("e2e/kubernetes/helm/build").toString())
            .strip();

    /** The directory of a chart. */
    static String chart(String name) {
        return Kubernetes.HOME.resolve("deploy/helm").resolve(name).toString();
    }

    /** Runs helm, and returns what it printed; fails where it fails. */
    String run(String... arguments) {
        return Kubernetes.run(
                LIMIT,
                Stream.concat(Stream.of(program), Arrays.stream(arguments)).toArray(String[]::new));
    }

    /** What a chart renders to, as a release in a namespace. */
    String template(String chart, String namespace, String... more) {
        return run(Stream.concat(
                        Stream.of("template", "groupmembership", chart, "--namespace", namespace), Arrays.stream(more))
                .toArray(String[]::new));
    }
}
