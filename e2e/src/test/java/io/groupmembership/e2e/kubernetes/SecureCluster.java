package io.groupmembership.e2e.kubernetes;

import static io.groupmembership.e2e.kubernetes.OutsideClient.as;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.certificates.Pem;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A cluster of which nothing is said but how many nodes it has, in a namespace where pods are restricted, three pods in
 * one of its groups, and who asks it from outside.
 */
final class SecureCluster implements AutoCloseable {
    static final String GROUP = "/v1/namespaces/secure/groups/payments";
    static final String MEMBERS = GROUP + "/members";

    private static final ObjectMapper JSON = new ObjectMapper();

    final Namespace namespace = new Namespace("secure");
    final Namespace elsewhere = new Namespace("secure-elsewhere");
    final List<Pod> pods;
    /** Of another namespace, and in no group. */
    final Pod stranger;

    final OutsideClient nodes;
    private final Path authorities;
    private String metricsToken = "";

    /** @param directory for what a pod has mounted */
    SecureCluster(Path directory) throws Exception {
        authorities = directory.resolve("ca.crt");
        namespace.kubectl("label", "namespace", namespace.name(), "pod-security.kubernetes.io/enforce=restricted");
        namespace.apply(Manifests.secureCluster("demo", 3));
        namespace.awaitReady("demo", 3);
        namespace.apply(Manifests.deployment("shop", "payments", 3)
                .replace("ports: [{containerPort: 8080}]", "securityContext: " + Manifests.RESTRICTED));
        namespace.awaitMembers("payments", 3);
        pods = namespace.pods("app", "shop");
        elsewhere.apply(Manifests.plainPod("stranger"));
        elsewhere.await(
                "the pod of another namespace is there",
                () -> !elsewhere.pods("app", "plain").isEmpty());
        stranger = elsewhere.pods("app", "plain").getFirst();
        writeAuthorities();
        nodes = new OutsideClient(OutsidePorts.open(namespace, "demo", "http", "admin"), authorities);
        namespace.await("kube-proxy knows the ports", () -> nodes.status(nodes.get("/q/health/live")) == 200);
    }

    /** Of the first of the pods. */
    String token() {
        return OutsideClient.token(namespace, pods.getFirst());
    }

    String strangersToken() {
        return OutsideClient.token(elsewhere, stranger);
    }

    /** Writes down which CAs are trusted, as a kubelet does. */
    List<X509Certificate> writeAuthorities() throws IOException, GeneralSecurityException {
        String bundle = Objects.requireNonNull(namespace
                .client()
                .configMaps()
                .inNamespace(namespace.name())
                .withName("groupmembership-ca.secure.demo")
                .get()
                .getData()
                .get("ca.crt"));
        Path draft = authorities.resolveSibling("ca.crt.new");
        Files.writeString(draft, bundle);
        Files.move(draft, authorities, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return Pem.readCertificates(bundle);
    }

    HttpRequest.Builder join(Pod pod, String podUid, String ip) throws IOException {
        Map<String, Object> body = Map.of(
                "memberId",
                pod.getMetadata().getName(),
                "address",
                ip + ":8080",
                "heartbeat",
                "udp",
                "heartbeatAddress",
                ip + ":7118",
                "instance",
                UUID.randomUUID().toString(),
                "metadata",
                Map.of("kubernetes.io/pod-uid", podUid));
        return nodes.get(MEMBERS)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }

    HttpRequest.Builder join(Pod pod) throws IOException {
        return join(pod, pod.getMetadata().getUid(), pod.getStatus().getPodIP());
    }

    HttpRequest.Builder view(String token) {
        return as(token, nodes.get(GROUP));
    }

    JsonNode view() throws IOException {
        return JSON.readTree(nodes.send(view(token())).body());
    }

    /** What must not change. */
    String viewOfAMember() throws IOException {
        JsonNode view = view();
        return view.path("view").asText() + " " + view.path("members");
    }

    /** What the nodes have logged. */
    String logs() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            lines.append(namespace.kubectl("logs", "demo-" + i));
        }
        return lines.toString();
    }

    /** How many lines of the audit log are of a denial. */
    long denials() {
        return logs().lines()
                .filter(line -> line.contains("\"decision\":\"deny\""))
                .count();
    }

    /** Those of one node, whichever it is; asked as somebody who may read metrics, and nothing else. */
    String metrics() throws IOException {
        try (OutsideClient any = nodes.another()) {
            return any.send(as(readerOfMetrics(), any.get("/q/metrics"))).body();
        }
    }

    private String readerOfMetrics() {
        if (metricsToken.isEmpty()) {
            namespace.kubectl("create", "serviceaccount", "metrics");
            namespace.apply("""
                    apiVersion: rbac.authorization.k8s.io/v1
                    kind: ClusterRole
                    metadata: {name: secure-metrics}
                    rules: [{apiGroups: [groupmembership.io], resources: [metrics], verbs: [get]}]
                    """);
            namespace.kubectl(
                    "create",
                    "clusterrolebinding",
                    "secure-metrics",
                    "--clusterrole=secure-metrics",
                    "--serviceaccount=secure:metrics");
            metricsToken = namespace
                    .kubectl("create", "token", "metrics", "--audience", "groupmembership.io")
                    .strip();
        }
        return metricsToken;
    }

    /** Of all lines of a metric. */
    static double sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    String heartbeatSecrets() {
        String lines = namespace.kubectl("get", "secret", "demo-heartbeat", "-o", "jsonpath={.data.heartbeat}");
        return new String(Base64.getDecoder().decode(lines.strip()), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void close() {
        namespace.kubectl("delete", "clusterrole,clusterrolebinding", "secure-metrics", "--ignore-not-found");
        nodes.close();
        namespace.close();
        elsewhere.close();
    }
}
