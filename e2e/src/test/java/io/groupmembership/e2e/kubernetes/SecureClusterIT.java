package io.groupmembership.e2e.kubernetes;

import static io.groupmembership.e2e.kubernetes.OutsideClient.as;
import static io.groupmembership.e2e.kubernetes.OutsideClient.token;
import static io.groupmembership.e2e.kubernetes.SecureCluster.GROUP;
import static io.groupmembership.e2e.kubernetes.SecureCluster.MEMBERS;
import static io.groupmembership.e2e.kubernetes.SecureCluster.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
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
    private static final int UNKNOWN_KEY_ID = 65_000;

    @TempDir
    static Path directory;

    private SecureCluster cluster;

    @BeforeAll
    void aClusterWithMembers() throws Exception {
        cluster = new SecureCluster(directory);
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    /** As it should be of whoever may not: with a reason, nothing changed, and one line in the audit log. */
    private void denied(int status, String reason, HttpRequest.Builder request) throws IOException {
        long before = cluster.denials();

        refused(status, reason, request);

        cluster.namespace.await("the denial is in the audit log", () -> cluster.denials() > before);
        assertThat(cluster.denials()).isEqualTo(before + 1);
    }

    private void refused(int status, String reason, HttpRequest.Builder request) throws IOException {
        String before = cluster.viewOfAMember();

        HttpResponse<String> answer = cluster.nodes.send(request);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains(reason);
        assertThat(cluster.viewOfAMember()).isEqualTo(before);
    }

    @Test
    void aMemberReadsItsOwnGroupAndNobodyElseReadsIt() throws IOException {
        assertThat(cluster.viewOfAMember())
                .contains(cluster.pods.getFirst().getMetadata().getName());
        denied(401, "", cluster.nodes.get(GROUP));
        denied(403, "groups", as(cluster.strangersToken(), cluster.nodes.get(GROUP)));
    }

    @Test
    void whoIsNotThePodDoesNotJoinAsIt() throws IOException {
        Pod one = cluster.pods.get(0);
        Pod other = cluster.pods.get(1);
        String own = token(cluster.namespace, one);

        denied(401, "", cluster.join(one));
        denied(401, "", as(token(cluster.namespace, one, "https://kubernetes.default.svc"), cluster.join(one)));
        denied(401, "", as("no.token.at-all", cluster.join(one)));
        denied(403, "memberId", as(own, cluster.join(other)));
        denied(
                403,
                "pod-uid",
                as(
                        own,
                        cluster.join(
                                one,
                                UUID.randomUUID().toString(),
                                one.getStatus().getPodIP())));
        denied(403, "ddress", as(own, cluster.join(one, one.getMetadata().getUid(), "10.0.0.1")));
        denied(403, "namespace", as(cluster.strangersToken(), cluster.join(one)));
    }

    @Test
    void aPodLeavesForNobodyElseAndChangesNothingOfTheCluster() throws IOException {
        String own = cluster.token();
        String other = MEMBERS + "/" + cluster.pods.get(1).getMetadata().getName();

        denied(403, "members", as(own, cluster.nodes.get(other).DELETE()));
        denied(
                403,
                "members",
                as(own, cluster.nodes.get(other + "?incarnation=1").DELETE()));
        denied(
                403,
                "policies",
                as(own, cluster.nodes.get("/v1/namespaces/secure/groups/payments/policy"))
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"intervalMillis\":1000,\"misses\":3}")));
        denied(
                403,
                "keys",
                as(own, cluster.nodes.get("/v1/namespaces/secure/kv/a")).PUT(HttpRequest.BodyPublishers.ofString("1")));
        denied(403, "raft", as(own, cluster.nodes.get("/v1/raft")));
    }

    @Test
    void aTokenIsGoodUntilItExpires() throws Exception {
        TokenForger forger = new TokenForger(Kubernetes.get());
        String token = cluster.token();
        Instant now = Instant.now();
        Instant begin = now.minus(Duration.ofHours(1));

        HttpResponse<String> good =
                cluster.nodes.send(cluster.view(forger.at(token, begin, now.plus(Duration.ofMinutes(30)))));

        assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
        String expired = forger.at(token, begin, now.minus(Duration.ofMinutes(1)));
        denied(401, "", cluster.view(expired));
        denied(401, "", as(expired, cluster.join(cluster.pods.getFirst())));
    }

    @Test
    void aJoinThatIsSentAgainAfterItsMemberLeftBringsNobodyBack() throws IOException {
        cluster.namespace.apply(Manifests.plainPod("short-lived"));
        cluster.namespace.await(
                "the pod has an address",
                () -> cluster.namespace.pods("app", "plain").stream()
                        .anyMatch(pod -> pod.getStatus().getPodIP() != null));
        Pod pod = cluster.namespace.pods("app", "plain").getFirst();
        String own = token(cluster.namespace, pod);
        HttpRequest.Builder join = as(own, cluster.join(pod));
        String path = MEMBERS + "/" + pod.getMetadata().getName();

        HttpResponse<String> joined = cluster.nodes.send(join);
        assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
        long incarnation = JSON.readTree(joined.body()).path("incarnation").asLong();
        assertThat(cluster.nodes.status(as(
                        own,
                        cluster.nodes.get(path + "?incarnation=" + incarnation).DELETE())))
                .isEqualTo(200);

        refused(409, "instance", join);
        // nor does the goodbye of an incarnation that is over do anything
        String members = cluster.viewOfAMember();
        cluster.nodes.send(
                as(own, cluster.nodes.get(path + "?incarnation=" + incarnation).DELETE()));
        assertThat(cluster.viewOfAMember()).isEqualTo(members);
    }

    @Test
    void heartbeatsThatAreForgedOrUnderAnUnknownKeyAreCountedAndChangeNothing() throws IOException {
        JsonNode victim = cluster.view().path("members").get(0);
        Pod monitor = cluster.namespace
                .client()
                .pods()
                .inNamespace(cluster.namespace.name())
                .withName(victim.path("monitor").asText())
                .get();
        int keyId = Integer.parseInt(cluster.heartbeatSecrets().split(" ", 2)[0]);
        String members = cluster.viewOfAMember();

        for (int i = 0; i < FORGED; i++) {
            ForgedHeartbeats.send(monitor, ForgedHeartbeats.ack(victim, keyId, i));
            ForgedHeartbeats.send(monitor, ForgedHeartbeats.ack(victim, UNKNOWN_KEY_ID, i));
        }

        cluster.namespace.await("both kinds are counted", () -> {
            String metrics = cluster.metrics();
            return sum(metrics, "gm_heartbeat_forged_total") >= FORGED / 2
                    && sum(metrics, "gm_heartbeat_strays_total") >= FORGED / 2;
        });
        assertThat(cluster.viewOfAMember()).isEqualTo(members);
    }

    @Test
    void aPersonAsksAsAServiceAccountThatTheirKubeconfigMayMakeTokensFor() throws Exception {
        Workstation workstation = Workstation.of(Kubernetes.get(), directory);
        cluster.namespace.kubectl("create", "serviceaccount", "dashboard");
        cluster.namespace.kubectl(
                "create", "rolebinding", "dashboard", "--clusterrole=view", "--serviceaccount=secure:dashboard");
        String[] asked = {"-n", "secure", "--kubernetes", "secure/demo"};
        String[] asDashboard = {"--service-account", "dashboard"};

        assertThat(workstation.gm(with("members payments", asked, asDashboard)))
                .contains(cluster.pods.stream()
                        .map(pod -> pod.getMetadata().getName())
                        .toList());
        assertThatThrownBy(() -> workstation.gm(with("kv put a b", asked, asDashboard)))
                .hasMessageContaining(
                        "system:serviceaccount:secure:dashboard may not update keys a in namespace secure");
        assertThatThrownBy(() -> workstation.gm(with("members payments", asked)))
                .hasMessageContaining("--service-account: is missing");
        assertThatThrownBy(() -> workstation.gm("groups", "--kubernetes", "secure/none"))
                .hasMessageContaining("not found");
        cluster.namespace.await("no port is forwarded any more", () -> !workstation.forwards());
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
        command.addAll(List.of("--admin", cluster.nodes.place("admin"), "--server-name", "demo.secure.svc"));
        Map<String, String> options = Map.of("--ca", "ca.crt", "--certificate", "tls.crt", "--key", "tls.key");
        for (Map.Entry<String, String> option : options.entrySet()) {
            String data = "jsonpath={.data." + option.getValue().replace(".", "\\.") + "}";
            String text = cluster.namespace.kubectl("get", "secret", "demo-operator-tls", "-o", data);
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
        assertThatThrownBy(() -> cluster.nodes.send(cluster.nodes.to("https", "admin", "/v1/raft")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void plainTextIsNotAnswered() {
        assertThatThrownBy(() -> cluster.nodes.send(cluster.nodes.to("http", "http", "/v1/groups")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aClientThatDoesNotKnowTheCaTalksToNobody() {
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .send(cluster.nodes.get("/v1/groups").build(), HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void theKeyOfTheCaIsInNoPod() {
        assertThat(cluster.namespace.kubectl("get", "pods", "-o", "yaml")).doesNotContain("secretName: demo-ca");
        assertThat(cluster.namespace.kubectl(
                        "get", "secret", "demo-ca", "-o", "jsonpath={.metadata.ownerReferences[*].name}"))
                .contains("demo");
    }
}
