package io.groupmembership.cli.kubernetes;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.kubernetes.KubernetesOptions.ObjectName;
import io.groupmembership.protocol.cluster.NodePorts;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A cluster of Kubernetes as its nodes are to be called from here.
 *
 * @param server a port of this machine that leads to a node, while this process lives
 * @param serverName what the node's certificate has to name
 * @param files by whose signature the nodes are known; empty where they speak plain text
 * @param token a token of the service account, good for another half an hour; empty where nobody is asked for one
 */
public record KubernetesCluster(
        URI server, String serverName, Optional<TlsFiles> files, Optional<Supplier<String>> token) {
    private static final String AUDIENCE = "groupmembership.io";
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    static KubernetesCluster find(Kubectl kubectl, ObjectName wanted, Optional<ObjectName> account) {
        String[] found = get(
                        kubectl,
                        "groupmembershipcluster/" + wanted.name(),
                        wanted.namespace(),
                        "{.metadata.namespace} {.spec.security.transport} {.spec.security.access} .")
                .split(" ", -1);
        String namespace = found[0];
        boolean tls = !"plain".equals(found[1]);
        boolean open = "open".equals(found[2]);
        if (!open && account.isEmpty()) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "--service-account: is missing: " + namespace + "/" + wanted.name() + " asks who calls");
        }
        Optional<TlsFiles> files = tls
                ? Optional.of(new TlsFiles(
                        authorities(kubectl, namespace, wanted.name()), Optional.empty(), Optional.empty()))
                : Optional.empty();
        Optional<Supplier<String>> token =
                open ? Optional.empty() : account.map(name -> new ServiceAccountToken(kubectl, name, namespace));
        int port = kubectl.forward(namespace, wanted.name(), NodePorts.DEFAULT_BASE);
        return new KubernetesCluster(
                URI.create((tls ? "https" : "http") + "://127.0.0.1:" + port),
                wanted.name() + "." + namespace + ".svc",
                files,
                token);
    }

    private static String get(Kubectl kubectl, String object, Optional<String> namespace, String path) {
        String output = "jsonpath=" + path;
        return namespace
                .map(name -> kubectl.run("get", object, "-n", name, "-o", output))
                .orElseGet(() -> kubectl.run("get", object, "-o", output));
    }

    /** A file with the CAs that the operator publishes. */
    private static Path authorities(Kubectl kubectl, String namespace, String cluster) {
        String bundle = get(
                kubectl,
                "configmap/groupmembership-ca." + namespace + "." + cluster,
                Optional.of(namespace),
                "{.data.ca\\.crt}");
        try {
            Path file = Files.createTempFile("gm-ca", ".crt");
            file.toFile().deleteOnExit();
            return Files.writeString(file, bundle);
        } catch (IOException e) {
            throw new CliFailure(ExitCode.ERROR, "--kubernetes: the CAs can't be written to a file: " + e.getMessage());
        }
    }

    /** Made anew when half of its life is over. */
    private static final class ServiceAccountToken implements Supplier<String> {
        private final Kubectl kubectl;
        private final ObjectName account;
        private final String namespace;
        private String token = "";
        private long madeNanos;

        ServiceAccountToken(Kubectl kubectl, ObjectName account, String clusterNamespace) {
            this.kubectl = kubectl;
            this.account = account;
            this.namespace = account.namespace().orElse(clusterNamespace);
        }

        @Override
        public synchronized String get() {
            if (token.isEmpty()
                    || System.nanoTime() - madeNanos > TOKEN_LIFE.dividedBy(2).toNanos()) {
                madeNanos = System.nanoTime();
                token = kubectl.run(
                                "create",
                                "token",
                                account.name(),
                                "-n",
                                namespace,
                                "--audience",
                                AUDIENCE,
                                "--duration",
                                TOKEN_LIFE.toSeconds() + "s")
                        .strip();
            }
            return token;
        }
    }
}
