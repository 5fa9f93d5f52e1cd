package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kubernetes with everything installed. The tests of one run share one: K3s in a container that ends with the tests'
 * JVM, or the one that {@code KUBECONFIG} names. A test that harms machines has one of its own.
 *
 * <p>The image is {@code GM_KUBERNETES_IMAGE}, or else the one that e2e/kubernetes builds where no image can be pulled.
 */
final class Kubernetes {
    /** The repository. */
    static final Path HOME =
            Path.of(System.getProperty("gm.home", "..")).toAbsolutePath().normalize();

    /** Where 'cluster install' leaves the manifests on the server. */
    private static final Path HOME_ON_SERVER = Path.of("/gm");

    private static final String CLUSTER = HOME.resolve("e2e/kubernetes/cluster").toString();
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);

    private static Optional<Kubernetes> shared = Optional.empty();

    private final Optional<K3sContainer> container;
    private final KubernetesClient client;

    private Kubernetes(Optional<K3sContainer> container, Config config) {
        this.container = container;
        this.client = new KubernetesClientBuilder().withConfig(config).build();
    }

    static synchronized Kubernetes get() {
        if (shared.isEmpty()) {
            shared = Optional.of(start());
        }
        return shared.get();
    }

    private static Kubernetes start() {
        String existing = System.getenv("KUBECONFIG");
        if (existing != null && !existing.isEmpty()) {
            return new Kubernetes(
                    Optional.empty(), Config.fromKubeconfig(Path.of(existing).toFile()));
        }
        K3sContainer server = newServer();
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
        run(COMMAND_LIMIT, CLUSTER, "install", server.getContainerId());
        return new Kubernetes(Optional.of(server), Config.fromKubeconfig(server.getKubeConfigYaml()));
    }

    /** A server for the test's own use; it is not started. */
    static K3sContainer newServer() {
        return new K3sContainer(DockerImageName.parse(image()).asCompatibleSubstituteFor("rancher/k3s"))
                .withCreateContainerCmdModifier(command -> command.withHostName("server"))
                .withEnv("KUBELET_ARGS", "--sync-frequency=10s");
    }

    /** Whether its kubelets bring what has changed in a Secret to the pods within half a minute: the image has to help. */
    boolean looksQuickly() {
        String given = System.getenv("GM_KUBERNETES_IMAGE");
        return container.isPresent() && (given == null || given.isEmpty());
    }

    /** Installs into a server of the test's own and a machine besides, which gets none of what is installed to run. */
    static Kubernetes install(K3sContainer server, Machine machine) {
        Kubernetes kubernetes = new Kubernetes(Optional.of(server), Config.fromKubeconfig(server.getKubeConfigYaml()));
        kubernetes.kubectl("cordon", machine.name());
        run(COMMAND_LIMIT, CLUSTER, "install", server.getContainerId(), machine.containerId());
        kubernetes.kubectl("uncordon", machine.name());
        return kubernetes;
    }

    static String image() {
        String given = System.getenv("GM_KUBERNETES_IMAGE");
        return given == null || given.isEmpty()
                ? run(
                                Duration.ofMinutes(30),
                                HOME.resolve("e2e/kubernetes/build").toString())
                        .strip()
                : given;
    }

    KubernetesClient client() {
        return client;
    }

    /** What stands for an application: a shell and the usual small programs. */
    String applicationImage() {
        String given = System.getenv("GM_APPLICATION_IMAGE");
        return given == null || given.isEmpty() ? "docker.io/local/busybox:1" : given;
    }

    /** The server's container, for what is done to a machine; empty for a Kubernetes that was there before. */
    Optional<K3sContainer> server() {
        return container;
    }

    /** Runs kubectl as a user would, and returns what it printed; fails where it fails. */
    String kubectl(String... arguments) {
        return feedKubectl("", arguments);
    }

    /** The same, with something to read. */
    String feedKubectl(String input, String... arguments) {
        List<String> command = new ArrayList<>();
        container.ifPresent(server -> command.addAll(List.of("docker", "exec", "-i", server.getContainerId())));
        command.add("kubectl");
        command.addAll(Arrays.asList(arguments));
        return feed(COMMAND_LIMIT, input, command.toArray(String[]::new));
    }

    /** What kubectl makes of a kustomization of this repository. */
    String kustomize(String directory) {
        Path home = container.isPresent() ? HOME_ON_SERVER : HOME;
        return kubectl("kustomize", home.resolve(directory).toString());
    }

    /** Applies a manifest of the tests' resources, with its placeholders filled in. */
    void apply(String namespace, String manifest) {
        feedKubectl(manifest.replace("APPLICATION_IMAGE", applicationImage()), "-n", namespace, "apply", "-f", "-");
    }

    /** What a volume keeps is wiped, and the volume is free again, once its claim is gone. */
    void recycleVolumes() {
        List<String> released = client.persistentVolumes().list().getItems().stream()
                .filter(volume -> "Released".equals(volume.getStatus().getPhase()))
                .filter(volume -> volume.getSpec().getLocal() != null)
                .map(volume -> volume.getMetadata().getName())
                .toList();
        for (String name : released) {
            String path = client.persistentVolumes()
                    .withName(name)
                    .get()
                    .getSpec()
                    .getLocal()
                    .getPath();
            onServer("sh", "-c", "rm -rf " + path + "/*");
            client.persistentVolumes().withName(name).edit(volume -> {
                volume.getSpec().setClaimRef(null);
                return volume;
            });
        }
    }

    /** Runs a program on the server's machine; a test that needs that is skipped where the machine is not ours. */
    String onServer(String... command) {
        Assumptions.assumeTrue(container.isPresent(), "no machine of this Kubernetes is ours");
        String id = container.orElseThrow().getContainerId();
        return run(
                COMMAND_LIMIT,
                Stream.concat(Stream.of("docker", "exec", id), Stream.of(command))
                        .toArray(String[]::new));
    }

    static String docker(String... arguments) {
        return run(
                COMMAND_LIMIT,
                Stream.concat(Stream.of("docker"), Stream.of(arguments)).toArray(String[]::new));
    }

    /** Runs a program on this machine, and returns what it printed; fails where it fails. */
    static String run(Duration limit, String... command) {
        return feed(limit, "", command);
    }

    private static String feed(Duration limit, String input, String... command) {
        try {
            Path errors = Files.createTempFile("command", ".err");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            Thread killer = Thread.startVirtualThread(() -> killAfter(process, limit));
            String output;
            try (InputStream stdout = process.getInputStream()) {
                output = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
            }
            int code = process.waitFor();
            killer.interrupt();
            String said = Files.readString(errors);
            Files.delete(errors);
            if (code != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " ended with " + code + ": " + output + said);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void killAfter(Process process, Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // it has ended
        }
    }
}
