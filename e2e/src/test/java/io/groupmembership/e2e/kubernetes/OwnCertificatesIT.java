package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.certificates.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose certificates somebody else makes, as cert-manager would: here it is {@code gm certs}. */
class OwnCertificatesIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void theNodesServeWhatIsInTheSecretAndWhatItBecomes() throws Exception {
        Workstation workstation = Workstation.of(Kubernetes.get(), directory);
        Path certificates = directory.resolve("certs");
        try (Namespace namespace = new Namespace("own-certificates")) {
            String host = ".own-certificates.svc";
            workstation.gm(
                    "certs",
                    "init",
                    "--nodes",
                    "1",
                    "--host",
                    "*.demo-nodes" + host,
                    "--host",
                    "demo" + host,
                    "--directory",
                    certificates.toString());
            apply(namespace, "demo-node-certificate", certificates.resolve("node-1"));
            apply(namespace, "demo-operator-certificate", certificates.resolve("admin"));
            namespace.apply(
                    Manifests.secureCluster(
                            "demo",
                            3,
                            "security: {nodeSecretName: demo-node-certificate, operatorSecretName: demo-operator-certificate}"));

            namespace.awaitReady("demo", 3);
            namespace.apply(Manifests.deployment("shop", "payments", 2));
            namespace.awaitMembers("payments", 2);

            try (OutsideClient nodes =
                    new OutsideClient(OutsidePorts.open(namespace, "demo", "http"), certificates.resolve("ca.crt"))) {
                namespace.await("kube-proxy knows the port", () -> nodes.status(nodes.get("/q/health/live")) == 200);
                namespace.await("the certificate is ours", () -> serves(nodes, certificates));
                workstation.gm("certs", "renew", "node-1", "--directory", certificates.toString());
                assertThat(serves(nodes, certificates)).isFalse();
                apply(namespace, "demo-node-certificate", certificates.resolve("node-1"));
                namespace.await("the renewed certificate is served", () -> serves(nodes, certificates));
            }
            namespace.awaitMembers("payments", 2);
        }
    }

    private static boolean serves(OutsideClient nodes, Path certificates) throws IOException, GeneralSecurityException {
        Certificate wanted = Pem.readCertificates(Files.readString(certificates.resolve("node-1/tls.crt")))
                .getFirst();
        try (OutsideClient fresh = nodes.another()) {
            return wanted.equals(fresh.send(fresh.get("/q/health/live"))
                    .sslSession()
                    .orElseThrow()
                    .getPeerCertificates()[0]);
        }
    }

    private static void apply(Namespace namespace, String secret, Path from) throws IOException {
        namespace.apply(
                """
                apiVersion: v1
                kind: Secret
                type: kubernetes.io/tls
                metadata: {name: %s}
                data: {ca.crt: %s, tls.crt: %s, tls.key: %s}
                """.formatted(secret, base64(from, "ca.crt"), base64(from, "tls.crt"), base64(from, "tls.key")));
    }

    private static String base64(Path directory, String file) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve(file)));
    }
}
