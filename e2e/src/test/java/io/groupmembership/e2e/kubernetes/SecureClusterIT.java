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
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.heartbeat.MemberHash;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
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
    private static final int FORGED = 20;
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
        namespace.kubectl("delete", "clusterrole,clusterrolebinding", "secure-metrics", "--ignore-not-found");
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
        JsonNode view = view();
        return view.path("view").asText() + " " + view.path("members");
    }

    private String audit() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            lines.append(namespace.kubectl("logs", "demo-" + i));
        }
        return lines.toString();
    }

    private long denials() {
        return audit().lines()
                .filter(line -> line.contains("\"decision\":\"deny\""))
                .count();
    }

    /** As it should be of whoever may not: with a reason, nothing changed, and one line in the audit log. */
    private void denied(int status, String reason, HttpRequest.Builder request) throws IOException {
        long before = denials();

        refused(status, reason, request);

        namespace.await("the denial is in the audit log", () -> denials() > before);
        assertThat(denials()).isEqualTo(before + 1);
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
        denied(401, "", nodes().get("/v1/namespaces/secure/groups/payments"));
        denied(
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

        denied(401, "", join(one));
        denied(401, "", as(token(namespace, one, "https://kubernetes.default.svc"), join(one)));
        denied(401, "", as("no.token.at-all", join(one)));
        denied(403, "memberId", as(own, join(other)));
        denied(
                403,
                "pod-uid",
                as(own, join(one, UUID.randomUUID().toString(), one.getStatus().getPodIP())));
        denied(403, "ddress", as(own, join(one, one.getMetadata().getUid(), "10.0.0.1")));
        denied(
                403,
                "namespace",
                as(token(elsewhere, elsewhere.pods("app", "plain").getFirst()), join(one)));
    }

    @Test
    void aPodLeavesForNobodyElseAndChangesNothingOfTheCluster() throws IOException {
        String own = token(namespace, pods.get(0));
        String other = MEMBERS + "/" + pods.get(1).getMetadata().getName();

        denied(403, "members", as(own, nodes().get(other).DELETE()));
        denied(403, "members", as(own, nodes().get(other + "?incarnation=1").DELETE()));
        denied(
                403,
                "policies",
                as(own, nodes().get("/v1/namespaces/secure/groups/payments/policy"))
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"intervalMillis\":1000,\"misses\":3}")));
        denied(
                403,
                "keys",
                as(own, nodes().get("/v1/namespaces/secure/kv/a")).PUT(HttpRequest.BodyPublishers.ofString("1")));
        denied(403, "raft", as(own, nodes().get("/v1/raft")));
    }

    @Test
    void aTokenIsGoodUntilItExpires() throws Exception {
        TokenForger forger = new TokenForger(Kubernetes.get());
        String token = token(namespace, pods.getFirst());
        Instant now = Instant.now();
        Instant begin = now.minus(Duration.ofHours(1));

        HttpResponse<String> good = nodes().send(view(forger.at(token, begin, now.plus(Duration.ofMinutes(30)))));

        assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
        String expired = forger.at(token, begin, now.minus(Duration.ofMinutes(1)));
        denied(401, "", view(expired));
        denied(401, "", as(expired, join(pods.getFirst())));
    }

    @Test
    void aJoinThatIsSentAgainAfterItsMemberLeftBringsNobodyBack() throws IOException {
        namespace.apply(Manifests.plainPod("short-lived"));
        namespace.await(
                "the pod has an address",
                () -> namespace.pods("app", "plain").stream()
                        .anyMatch(pod -> pod.getStatus().getPodIP() != null));
        Pod pod = namespace.pods("app", "plain").getFirst();
        String own = token(namespace, pod);
        HttpRequest.Builder join = as(own, join(pod));
        String path = MEMBERS + "/" + pod.getMetadata().getName();

        HttpResponse<String> joined = nodes().send(join);
        assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
        long incarnation = JSON.readTree(joined.body()).path("incarnation").asLong();
        assertThat(nodes().status(as(
                        own, nodes().get(path + "?incarnation=" + incarnation).DELETE())))
                .isEqualTo(200);

        refused(409, "instance", join);
        // nor does the goodbye of an incarnation that is over do anything
        String members = viewOfAMember();
        nodes().send(as(own, nodes().get(path + "?incarnation=" + incarnation).DELETE()));
        assertThat(viewOfAMember()).isEqualTo(members);
    }

    @Test
    void heartbeatsThatAreForgedOrUnderAnUnknownKeyAreCountedAndChangeNothing() throws IOException {
        JsonNode victim = view().path("members").get(0);
        Pod monitor = namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withName(victim.path("monitor").asText())
                .get();
        int keyId = Integer.parseInt(heartbeatSecrets().split(" ", 2)[0]);
        String members = viewOfAMember();
        String reader = readerOfMetrics();

        for (int i = 0; i < FORGED; i++) {
            send(monitor, forged(victim, keyId, i));
            send(monitor, forged(victim, 65_000, i));
        }

        namespace.await("both kinds are counted", () -> {
            try (OutsideClient any = nodes().another()) {
                String metrics = any.send(as(reader, any.get("/q/metrics"))).body();
                return count(metrics, "gm_heartbeat_forged_total") >= FORGED / 2
                        && count(metrics, "gm_heartbeat_strays_total") >= FORGED / 2;
            }
        });
        assertThat(viewOfAMember()).isEqualTo(members);
    }

    private JsonNode view() throws IOException {
        return JSON.readTree(
                nodes().send(view(token(namespace, pods.getFirst()))).body());
    }

    /** An ack of a living member, sealed with a key that is not its own. */
    private byte[] forged(JsonNode member, int keyId, int sequence) {
        long hash = MemberHash.of(
                namespace.name(), "payments", member.path("memberId").asText());
        Datagram ping = new Datagram();
        ping.bePing(keyId, hash, member.path("incarnation").asLong(), 1, sequence, 1, 0);
        Datagram ack = new Datagram();
        ack.beAnswerTo(ping, Long.MAX_VALUE / 2, System.nanoTime());
        byte[] secret = new byte[HeartbeatKey.BYTES];
        new DatagramSeal().seal(ack, HeartbeatKey.of(keyId, Base64.getEncoder().encodeToString(secret)));
        byte[] bytes = new byte[Datagram.BYTES];
        ack.toSend().get(bytes);
        return bytes;
    }

    private static void send(Pod node, byte[] datagram) {
        String escaped = HexFormat.of().withPrefix("\\x").formatHex(datagram);
        Kubernetes.get()
                .onServer(
                        "bash",
                        "-c",
                        "printf '" + escaped + "' >/dev/udp/" + node.getStatus().getPodIP() + "/7730");
    }

    /** A token of somebody who may read metrics, and nothing else. */
    private String readerOfMetrics() {
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
        return namespace
                .kubectl("create", "token", "metrics", "--audience", "groupmembership.io")
                .strip();
    }

    private static double count(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void aPersonAsksAsAServiceAccountThatTheirKubeconfigMayMakeTokensFor() throws Exception {
        Workstation workstation = Workstation.of(Kubernetes.get(), directory);
        namespace.kubectl("create", "serviceaccount", "dashboard");
        namespace.kubectl(
                "create", "rolebinding", "dashboard", "--clusterrole=view", "--serviceaccount=secure:dashboard");
        String[] asked = {"-n", "secure", "--kubernetes", "secure/demo"};
        String[] asDashboard = {"--service-account", "dashboard"};

        assertThat(workstation.gm(with("members payments", asked, asDashboard)))
                .contains(pods.stream().map(pod -> pod.getMetadata().getName()).toList());
        assertThatThrownBy(() -> workstation.gm(with("kv put a b", asked, asDashboard)))
                .hasMessageContaining("system:serviceaccount:secure:dashboard may not update keys a in namespace secure");
        assertThatThrownBy(() -> workstation.gm(with("members payments", asked)))
                .hasMessageContaining("--service-account: is missing");
        assertThatThrownBy(() -> workstation.gm("groups", "--kubernetes", "secure/none"))
                .hasMessageContaining("not found");
        namespace.await("no port is forwarded any more", () -> !workstation.forwards());
    }

    private static String[] with(String command, String[]... options) {
        return Stream.concat(
                        Stream.of(command.split(" ", -1)), Stream.of(options).flatMap(Stream::of))
                .toArray(String[]::new);
    }

    @Test
    void anAdministratorBacksUpThroughTheAdminPort() throws Exception {
        List<String> command = new ArrayList<>(
                List.of("backup", directory.resolve("demo.gmbackup").toString()));
        command.addAll(List.of("--admin", nodes().place("admin"), "--server-name", "demo.secure.svc"));
        Map<String, String> options = Map.of("--ca", "ca.crt", "--certificate", "tls.crt", "--key", "tls.key");
        for (Map.Entry<String, String> option : options.entrySet()) {
            String data = "jsonpath={.data." + option.getValue().replace(".", "\\.") + "}";
            String text = namespace.kubectl("get", "secret", "demo-operator-tls", "-o", data);
            Path file = directory.resolve("operator-" + option.getValue());
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, Base64.getDecoder().decode(text.strip()));
            command.addAll(List.of(option.getKey(), file.toString()));
        }

        Workstation.of(Kubernetes.get(), directory).gm(command.toArray(String[]::new));

        assertThat(Files.size(directory.resolve("demo.gmbackup"))).isPositive();
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

    private String heartbeatSecrets() {
        String lines = namespace.kubectl("get", "secret", "demo-heartbeat", "-o", "jsonpath={.data.heartbeat}");
        return new String(Base64.getDecoder().decode(lines.strip()), StandardCharsets.US_ASCII).strip();
    }

    private void appendHeartbeatSecret() {
        String text = heartbeatSecrets() + "\n2027 "
                + Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32)) + "\n";
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
