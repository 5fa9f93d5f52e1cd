package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsException;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of which nothing is said but how many nodes it has: nobody joins, reads or removes who may not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureClusterIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AUDIENCE = "groupmembership.io";
    private static final String MEMBERS = "/v1/namespaces/secure/groups/payments/members";

    @TempDir
    static Path directory;

    private final Namespace namespace = new Namespace("secure");
    private final Namespace elsewhere = new Namespace("secure-elsewhere");
    private List<Pod> pods = List.of();
    private HttpClient client = HttpClient.newHttpClient();
    private String machine = "";
    private int httpPort;
    private int adminPort;

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

        ConfigMap authorities = namespace
                .client()
                .configMaps()
                .inNamespace(namespace.name())
                .withName("groupmembership-ca.secure.demo")
                .get();
        Path ca = Files.writeString(
                directory.resolve("ca.crt"), authorities.getData().get("ca.crt"));
        client = client(new TlsFiles(ca, Optional.empty(), Optional.empty()));
        openPorts();
        namespace.await("kube-proxy knows the ports", () -> status(get("/q/health/live")) == 200);
    }

    @AfterAll
    void close() {
        namespace.close();
        elsewhere.close();
    }

    private static HttpClient client(TlsFiles files) throws TlsException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                null,
                new TrustManager[] {new AnyHost(ReloadingTls.of(files).trustManager(Set.of(CertificateRequest.NODES)))},
                null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .sslContext(context)
                .build();
    }

    /** Asks no host name of a node, as a port of the machine has none that a certificate could name. */
    private static final class AnyHost extends X509ExtendedTrustManager {
        private final X509TrustManager nodes;

        AnyHost(X509TrustManager nodes) {
            this.nodes = nodes;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            nodes.checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            nodes.checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            nodes.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("nobody is served here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return nodes.getAcceptedIssuers();
        }
    }

    /** To a port of the machine, which no certificate names: nodes are known by their organization instead. */
    private void openPorts() {
        Service service = namespace
                .client()
                .services()
                .inNamespace(namespace.name())
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("demo-outside")
                        .endMetadata()
                        .withNewSpec()
                        .withType("NodePort")
                        .withSelector(Map.of(
                                "app.kubernetes.io/name", "groupmembership-node", "groupmembership.io/cluster", "demo"))
                        .addNewPort()
                        .withName("http")
                        .withPort(7700)
                        .withTargetPort(new IntOrString("http"))
                        .endPort()
                        .addNewPort()
                        .withName("admin")
                        .withPort(7740)
                        .withTargetPort(new IntOrString("admin"))
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        Node oldest = namespace.client().nodes().list().getItems().stream()
                .min(Comparator.comparing(node -> node.getMetadata().getCreationTimestamp()))
                .orElseThrow();
        machine = oldest.getStatus().getAddresses().stream()
                .filter(address -> address.getType().equals("InternalIP"))
                .findFirst()
                .orElseThrow()
                .getAddress();
        httpPort = service.getSpec().getPorts().get(0).getNodePort();
        adminPort = service.getSpec().getPorts().get(1).getNodePort();
    }

    private HttpRequest.Builder to(String scheme, int port, String path) {
        return HttpRequest.newBuilder(URI.create(scheme + "://" + machine + ":" + port + path))
                .timeout(Duration.ofSeconds(15));
    }

    private HttpRequest.Builder get(String path) {
        return to("https", httpPort, path);
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
        return to("https", httpPort, MEMBERS)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }

    private HttpRequest.Builder join(Pod pod) throws IOException {
        return join(pod, pod.getMetadata().getUid(), pod.getStatus().getPodIP());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private int status(HttpRequest.Builder request) {
        try {
            return send(request).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    /** As the kubelet gets it for a pod. */
    private static String token(Namespace where, Pod pod, String audience) {
        return where.kubectl(
                        "create",
                        "token",
                        "default",
                        "--audience",
                        audience,
                        "--bound-object-kind",
                        "Pod",
                        "--bound-object-name",
                        pod.getMetadata().getName(),
                        "--bound-object-uid",
                        pod.getMetadata().getUid())
                .strip();
    }

    private static HttpRequest.Builder as(String token, HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + token);
    }

    private String viewOfAMember() throws IOException {
        JsonNode view = JSON.readTree(
                send(as(token(namespace, pods.getFirst(), AUDIENCE), get("/v1/namespaces/secure/groups/payments")))
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

        HttpResponse<String> answer = send(request);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains(reason);
        assertThat(viewOfAMember()).isEqualTo(before);
    }

    @Test
    void aMemberReadsItsOwnGroupAndNobodyElseReadsIt() throws IOException {
        assertThat(viewOfAMember()).contains(pods.getFirst().getMetadata().getName());
        refused(401, "", get("/v1/namespaces/secure/groups/payments"));
        refused(
                403,
                "groups",
                as(
                        token(elsewhere, elsewhere.pods("app", "plain").getFirst(), AUDIENCE),
                        get("/v1/namespaces/secure/groups/payments")));
    }

    @Test
    void whoIsNotThePodDoesNotJoinAsIt() throws IOException {
        Pod one = pods.get(0);
        Pod other = pods.get(1);
        String own = token(namespace, one, AUDIENCE);

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
                as(token(elsewhere, elsewhere.pods("app", "plain").getFirst(), AUDIENCE), join(one)));
        assertThat(audit()).contains("\"decision\":\"deny\"");
    }

    @Test
    void aPodLeavesForNobodyElseAndChangesNothingOfTheCluster() throws IOException {
        String own = token(namespace, pods.get(0), AUDIENCE);
        String other = MEMBERS + "/" + pods.get(1).getMetadata().getName();

        refused(403, "members", as(own, get(other).DELETE()));
        refused(403, "members", as(own, get(other + "?incarnation=1").DELETE()));
        refused(
                403,
                "policies",
                as(own, get("/v1/namespaces/secure/groups/payments/policy"))
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"intervalMillis\":1000,\"misses\":3}")));
        refused(403, "keys", as(own, get("/v1/namespaces/secure/kv/a")).PUT(HttpRequest.BodyPublishers.ofString("1")));
        refused(403, "raft", as(own, get("/v1/raft")));
    }

    @Test
    void theAdminPortHearsNobodyWithoutACertificateOfAnAdministrator() {
        assertThatThrownBy(() -> send(to("https", adminPort, "/v1/raft"))).isInstanceOf(IOException.class);
    }

    @Test
    void plainTextIsNotAnswered() {
        assertThatThrownBy(() -> send(to("http", httpPort, "/v1/groups"))).isInstanceOf(IOException.class);
    }

    @Test
    void aClientThatDoesNotKnowTheCaTalksToNobody() {
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .send(get("/v1/groups").build(), HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void theKeyOfTheCaIsInNoPod() {
        assertThat(namespace.kubectl("get", "pods", "-o", "yaml")).doesNotContain("secretName: demo-ca");
        assertThat(namespace.kubectl("get", "secret", "demo-ca", "-o", "jsonpath={.metadata.ownerReferences[*].name}"))
                .contains("demo");
    }
}
