package io.groupmembership.e2e.kubernetes;

import static io.groupmembership.e2e.kubernetes.OutsideClient.as;
import static io.groupmembership.e2e.kubernetes.OutsideClient.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.certificates.Pem;
import io.groupmembership.e2e.client.SteadyRequests;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of which nothing is said but how many nodes it has: nobody joins, reads or removes who may not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureClusterIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEMBERS = "/v1/namespaces/secure/groups/payments/members";

    @TempDir
    static Path directory;

    private final Namespace namespace = new Namespace("secure");
    private final Namespace elsewhere = new Namespace("secure-elsewhere");
    private List<Pod> pods = List.of();
    private @Nullable OutsideClient outside;

    @BeforeAll
    void aClusterWithMembers() throws Exception {
        namespace.apply(Manifests.secureCluster("demo", 3));
        namespace.awaitReady("demo", 3);
        namespace.apply(Manifests.deployment("shop", "payments", 3));
        namespace.awaitMembers("payments", 3);
        pods = namespace.pods("app", "shop");
        elsewhere.apply(Manifests.plainPod("stranger"));
        elsewhere.await(
                "the pod of another namespace is there",
                () -> !elsewhere.pods("app", "plain").isEmpty());

        writeAuthorities();
        outside = new OutsideClient(OutsidePorts.open(namespace, "demo", "http", "admin"), authorities());
        namespace.await("kube-proxy knows the ports", () -> nodes().status(nodes().get("/q/health/live")) == 200);
    }

    private OutsideClient nodes() {
        return Objects.requireNonNull(outside);
    }

    /** What a pod has mounted. */
    private static Path authorities() {
        return directory.resolve("ca.crt");
    }

    private List<X509Certificate> writeAuthorities() throws IOException, GeneralSecurityException {
        String bundle = Objects.requireNonNull(namespace
                .client()
                .configMaps()
                .inNamespace(namespace.name())
                .withName("groupmembership-ca.secure.demo")
                .get()
                .getData()
                .get("ca.crt"));
        Files.writeString(authorities(), bundle);
        return Pem.readCertificates(bundle);
    }

    @AfterAll
    void close() {
        namespace.close();
        elsewhere.close();
    }

    private HttpRequest.Builder join(Pod pod, String podUid, String ip) throws IOException {
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
        return nodes().get(MEMBERS)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }

    private HttpRequest.Builder join(Pod pod) throws IOException {
        return join(pod, pod.getMetadata().getUid(), pod.getStatus().getPodIP());
    }

    private String viewOfAMember() throws IOException {
        JsonNode view = JSON.readTree(nodes().send(
                        as(token(namespace, pods.getFirst()), nodes().get("/v1/namespaces/secure/groups/payments")))
                .body());
        return view.path("view").asText() + " " + view.path("members");
    }

    private String audit() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            lines.append(namespace.kubectl("logs", "demo-" + i));
        }
        return lines.toString();
    }

    private void refused(int status, String reason, HttpRequest.Builder request) throws IOException {
        String before = viewOfAMember();

        HttpResponse<String> answer = nodes().send(request);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains(reason);
        assertThat(viewOfAMember()).isEqualTo(before);
    }

    @Test
    void aMemberReadsItsOwnGroupAndNobodyElseReadsIt() throws IOException {
        assertThat(viewOfAMember()).contains(pods.getFirst().getMetadata().getName());
        refused(401, "", nodes().get("/v1/namespaces/secure/groups/payments"));
        refused(
                403,
                "groups",
                as(
                        token(elsewhere, elsewhere.pods("app", "plain").getFirst()),
                        nodes().get("/v1/namespaces/secure/groups/payments")));
    }

    @Test
    void whoIsNotThePodDoesNotJoinAsIt() throws IOException {
        Pod one = pods.get(0);
        Pod other = pods.get(1);
        String own = token(namespace, one);

        refused(401, "", join(one));
        refused(401, "", as(token(namespace, one, "https://kubernetes.default.svc"), join(one)));
        refused(401, "", as("no.token.at-all", join(one)));
        refused(403, "memberId", as(own, join(other)));
        refused(
                403,
                "pod-uid",
                as(own, join(one, UUID.randomUUID().toString(), one.getStatus().getPodIP())));
        refused(403, "ddress", as(own, join(one, one.getMetadata().getUid(), "10.0.0.1")));
        refused(
                403,
                "namespace",
                as(token(elsewhere, elsewhere.pods("app", "plain").getFirst()), join(one)));
        assertThat(audit()).contains("\"decision\":\"deny\"");
    }

    @Test
    void aPodLeavesForNobodyElseAndChangesNothingOfTheCluster() throws IOException {
        String own = token(namespace, pods.get(0));
        String other = MEMBERS + "/" + pods.get(1).getMetadata().getName();

        refused(403, "members", as(own, nodes().get(other).DELETE()));
        refused(403, "members", as(own, nodes().get(other + "?incarnation=1").DELETE()));
        refused(
                403,
                "policies",
                as(own, nodes().get("/v1/namespaces/secure/groups/payments/policy"))
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"intervalMillis\":1000,\"misses\":3}")));
        refused(
                403,
                "keys",
                as(own, nodes().get("/v1/namespaces/secure/kv/a")).PUT(HttpRequest.BodyPublishers.ofString("1")));
        refused(403, "raft", as(own, nodes().get("/v1/raft")));
    }

    @Test
    void theAdminPortHearsNobodyWithoutACertificateOfAnAdministrator() {
        assertThatThrownBy(() -> nodes().send(nodes().to("https", "admin", "/v1/raft")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void plainTextIsNotAnswered() {
        assertThatThrownBy(() -> nodes().send(nodes().to("http", "http", "/v1/groups")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aClientThatDoesNotKnowTheCaTalksToNobody() {
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .send(nodes().get("/v1/groups").build(), HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void theKeyOfTheCaIsInNoPod() {
        assertThat(namespace.kubectl("get", "pods", "-o", "yaml")).doesNotContain("secretName: demo-ca");
        assertThat(namespace.kubectl("get", "secret", "demo-ca", "-o", "jsonpath={.metadata.ownerReferences[*].name}"))
                .contains("demo");
    }

    // ------------------------------------------------------------------ change of everything that is secret

    /** Longer than a kubelet needs to bring what has changed to a pod; this one looks each 10 s. */
    private static final Duration QUICK_KUBELET = Duration.ofSeconds(45);

    private static final Duration USUAL_KUBELET = Duration.ofSeconds(150);

    @Test
    void noRequestFailsAndNobodyGoesWhileTheCaAndTheHeartbeatSecretAreChanged() throws Exception {
        Duration wait = Kubernetes.get().looksQuickly() ? QUICK_KUBELET : USUAL_KUBELET;
        setWaits("=" + wait.toSeconds() + "s");
        X509Certificate old = writeAuthorities().getFirst();
        String members = viewOfAMember();
        String token = token(namespace, pods.getFirst());
        SteadyRequests requests = SteadyRequests.begin(
                List.of(() -> nodes().status(view(token)), () -> {
                    try (OutsideClient fresh = nodes().another()) {
                        return fresh.status(view(token));
                    }
                }),
                Duration.ofMillis(100));
        try {
            // when the CA is to be another, and heartbeats to be sealed with another secret
            appendHeartbeatSecret();
            namespace.kubectl("delete", "secret", "demo-ca");

            // then the new CA is trusted besides the old one, signs, and is the only one in the end
            namespace.await("two CAs are trusted", () -> writeAuthorities().size() == 2);
            namespace.await(
                    "only the new CA is trusted", () -> writeAuthorities().size() == 1);
            X509Certificate added = writeAuthorities().getFirst();
            assertThat(added).isNotEqualTo(old);
            requests.goOn();
        } finally {
            requests.end();
            setWaits("-");
        }

        // and nobody has noticed
        assertThat(viewOfAMember()).isEqualTo(members);
        for (Pod pod : pods) {
            String log = namespace.kubectl("logs", pod.getMetadata().getName(), "-c", "groupmembership");
            assertThat(log).doesNotContain("fenced").doesNotContain("none of the CAs");
        }
        assertThat(audit()).contains("ClusterSecret 2027");
        System.out.println("CA and heartbeat secret changed during " + requests.rounds() + " rounds of requests");
    }

    private HttpRequest.Builder view(String token) {
        return as(token, nodes().get("/v1/namespaces/secure/groups/payments"));
    }

    private void appendHeartbeatSecret() {
        String lines = namespace.kubectl("get", "secret", "demo-heartbeat", "-o", "jsonpath={.data.heartbeat}");
        String text = new String(Base64.getDecoder().decode(lines.strip()), StandardCharsets.US_ASCII).strip()
                + "\n2027 " + Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32)) + "\n";
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
        namespace.kubectl("patch", "secret", "demo-heartbeat", "-p", "{\"data\":{\"heartbeat\":\"" + encoded + "\"}}");
    }

    /** Of the operator; how a variable is given to kubectl, as in =5m, or - for none. */
    private static void setWaits(String value) {
        Kubernetes.get()
                .kubectl(
                        "-n",
                        "groupmembership-system",
                        "set",
                        "env",
                        "deployment/groupmembership-operator",
                        "GM_CERTIFICATE_TRUST_WAIT" + value,
                        "GM_CERTIFICATE_SERVE_WAIT" + value);
        Kubernetes.get()
                .kubectl(
                        "-n",
                        "groupmembership-system",
                        "rollout",
                        "status",
                        "deployment/groupmembership-operator",
                        "--timeout=120s");
    }
}
