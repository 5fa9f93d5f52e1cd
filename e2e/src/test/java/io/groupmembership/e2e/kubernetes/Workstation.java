package io.groupmembership.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a person has who uses a cluster: gm, kubectl and a kubeconfig.
 *
 * @param kubectl the program
 * @param kubeconfig the file
 */
record Workstation(Path kubectl, Path kubeconfig) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** @param directory for what has to be written */
    static Workstation of(Kubernetes kubernetes, Path directory) throws IOException {
        String existing = System.getenv("KUBECONFIG");
        if (kubernetes.server().isEmpty()) {
            return new Workstation(Path.of("kubectl"), Path.of(existing));
        }
        var server = kubernetes.server().get();
        Path kubectl = directory.resolve("kubectl");
        String there = kubernetes.onServer("which", "kubectl").strip();
        Kubernetes.docker("cp", "-L", server.getContainerId() + ":" + there, kubectl.toString());
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), server.getKubeConfigYaml());
        return new Workstation(kubectl, kubeconfig);
    }

    /** Whether kubectl runs. */
    boolean forwards() {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().command().equals(Optional.of(kubectl.toString())));
    }

    /** Runs gm, and returns what it printed; fails where it fails. */
    String gm(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "GM_NO_BUILD=1",
                "GM_JAVA_HOME=" + System.getProperty("java.home"),
                "GM_KUBECTL=" + kubectl,
                "KUBECONFIG=" + kubeconfig,
                Kubernetes.HOME.resolve("gm").toString()));
        command.addAll(List.of(arguments));
        return Kubernetes.run(LIMIT, command.toArray(String[]::new));
    }
}
