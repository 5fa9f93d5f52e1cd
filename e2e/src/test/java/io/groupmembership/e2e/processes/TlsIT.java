package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.cli.certs.CertificateSet;
import io.groupmembership.cli.local.ClusterDirectory;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.e2e.client.SteadyRequests;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The CA and all certificates are changed while nodes and members live, and nothing is started again. */
@ExtendWith(Started.class)
class TlsIT {
    private static final int AGENTS = Boolean.getBoolean("gm.soak") ? 200 : 3;
    private static final Duration LIFE = Duration.ofDays(30);
    private static final String GROUP = "encrypted";

    /** Whoever makes a connection looks at its files where it has not for a second. */
    private static final Duration READ_BY_ALL = Duration.ofSeconds(3);

    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(20);

    @TempDir
    static Path directory;

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    /** Of a read that a majority confirms. */
    private static int status(HttpClient client, URI url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/v1/namespaces/default/groups/" + GROUP))
                .timeout(ProcessCluster.LIMIT)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** Whether a node serves somebody who makes a new connection. */
    private static boolean isServed(SSLContext context, URI url) throws InterruptedException {
        try (HttpClient client = client(context)) {
            return status(client, url) == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void noRequestFailsAndNobodyGoesWhileTheCaIsChanged() throws Exception {
        // given three nodes and three agents over TLS, and requests
        CertificateSet set = new ClusterDirectory(directory).tls().set();
        ProcessCluster cluster = ProcessCluster.create(directory);
        set.make("first", LIFE, Instant.now());
        issue(set, "admin", CertificateRequest.ADMINISTRATORS);
        cluster.startAll();
        List<AgentProcess> agents = new ArrayList<>();
        for (int i = 0; i < AGENTS; i++) {
            agents.add(agent(cluster, set, "a-" + i));
            AgentProcess.awaitWave(agents);
        }
        assertThat(agents).allSatisfy(agent -> assertThat(agent.incarnation()).isPositive());
        List<URI> urls = cluster.nodeIds().stream().map(cluster::url).toList();
        assertThat(urls).allSatisfy(url -> assertThat(url).hasScheme("https"));
        Path old = Files.createDirectory(directory.resolve("old"));
        Files.copy(set.certificateFile("admin"), old.resolve("tls.crt"));
        Files.copy(set.keyFile("admin"), old.resolve("tls.key"));
        SSLContext admin = context(set.directory("admin"), set);
        HttpClient kept = client(admin);
        List<SteadyRequests.Request> asked = new ArrayList<>();
        for (URI url : urls) {
            asked.add(() -> status(kept, url));
            asked.add(() -> {
                try (HttpClient fresh = client(admin)) {
                    return status(fresh, url);
                }
            });
        }
        SteadyRequests requests = Started.add(SteadyRequests.begin(asked, BETWEEN_ROUNDS));
        requests.goOn();

        // when the new CA is trusted by all
        renew(set, "--new-ca");
        issue(set, "newcomer", "people");
        SSLContext newcomer = context(set.directory("newcomer"), set);
        await("nodes trust the new CA")
                .atMost(ProcessCluster.LIMIT)
                .untilAsserted(() -> assertThat(urls)
                        .allSatisfy(url -> assertThat(isServed(newcomer, url)).isTrue()));
        letAllRead(requests);

        // and everybody shows a certificate of it
        renew(set);
        letAllRead(requests);

        // and the old one is dropped
        renew(set, "--drop-old-ca");
        letAllRead(requests);

        // then certificates of the old one are refused, and all others go on as they were
        SSLContext late = context(old, set);
        assertThat(urls).allSatisfy(url -> assertThat(isServed(late, url)).isFalse());
        AgentProcess added = agent(cluster, set, "a-" + AGENTS);
        assertThat(added.incarnation()).isPositive();
        requests.goOn();
        System.out.println(requests.rounds() + " rounds of requests while the CA of " + AGENTS + " agents was changed");
        assertThat(cluster.runningNodeIds()).containsExactlyElementsOf(cluster.nodeIds());
        for (AgentProcess agent : agents) {
            assertThat(agent.isAlive()).isTrue();
            assertThat(agent.output().lines().map(line -> line.substring(0, line.indexOf(' '))))
                    .as("once a member, and never fenced")
                    .containsExactly("joining", "admitted", "member");
        }
    }

    private static void letAllRead(SteadyRequests requests) {
        await("requests while files are read")
                .during(READ_BY_ALL)
                .atMost(READ_BY_ALL.multipliedBy(4))
                .until(requests::allSucceed);
        requests.goOn();
    }

    private static void issue(CertificateSet set, String name, String group) throws IOException {
        set.issue(name, CertificateRequest.client(name, List.of(group), LIFE), false, Instant.now());
    }

    private static void renew(CertificateSet set, String... step) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("certs", "renew", "--directory", set.path().toString()));
        arguments.addAll(List.of(step));
        GmRun run = GmRun.of(directory, Map.of(), arguments.toArray(String[]::new));
        assertThat(run.status()).as("%s", run).isZero();
    }

    private static AgentProcess agent(ProcessCluster cluster, CertificateSet set, String id) throws IOException {
        issue(set, id, "agents");
        Map<String, String> environment = Map.of(
                "GM_CA", set.directory(id).resolve("ca.crt").toString(),
                "GM_CERTIFICATE", set.certificateFile(id).toString(),
                "GM_KEY", set.keyFile(id).toString());
        return AgentProcess.join(directory, environment, cluster.urls(), GROUP, id);
    }

    /** Trusts what the set trusts, and shows what a directory has. */
    private static SSLContext context(Path shown, CertificateSet set) throws Exception {
        TlsFiles files = new TlsFiles(
                set.bundleFile(), Optional.of(shown.resolve("tls.crt")), Optional.of(shown.resolve("tls.key")));
        return ReloadingTls.of(files).sslContext();
    }
}
