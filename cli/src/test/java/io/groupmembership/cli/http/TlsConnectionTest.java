package io.groupmembership.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import io.groupmembership.cli.CannedServer;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.GmRun;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a server that speaks TLS, with certificates of {@code gm certs}. */
final class TlsConnectionTest {
    private static final String VALUE = "value";

    /** What a server does with clients' certificates. */
    private enum ClientCertificates {
        ASKED,
        DEMANDED
    }

    @TempDir
    private Path temp = Path.of("");

    /** Who each request came from, over which version, with which token. */
    private final List<String> callers = new CopyOnWriteArrayList<>();

    @BeforeEach
    void certificates() {
        run("certs", "init", "--nodes", "1", "--directory", certs("own"));
        run("certs", "init", "--nodes", "1", "--directory", certs("other"));
        run("certs", "issue", "elsewhere", "--host", "elsewhere.example.org", "--directory", certs("own"));
    }

    private String certs(String name) {
        return temp.resolve(name).toString();
    }

    private static GmRun run(String... arguments) {
        return GmRun.of("http://127.0.0.1:1", arguments);
    }

    private CannedServer server(String certificate, ClientCertificates clients, String protocol) throws Exception {
        SSLContext context = ReloadingTls.of(TlsFiles.in(temp.resolve("own").resolve(certificate)))
                .sslContext();
        return new CannedServer(
                exchange -> {
                    callers.add(caller((HttpsExchange) exchange));
                    CannedServer.send(exchange, 200, "application/octet-stream", VALUE);
                },
                Optional.of(new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = getSSLContext().getSupportedSSLParameters();
                        wanted.setProtocols(new String[] {protocol});
                        wanted.setWantClientAuth(clients == ClientCertificates.ASKED);
                        if (clients == ClientCertificates.DEMANDED) {
                            wanted.setNeedClientAuth(true);
                        }
                        parameters.setSSLParameters(wanted);
                    }
                }));
    }

    private CannedServer server() throws Exception {
        return server("node-1", ClientCertificates.ASKED, "TLSv1.3");
    }

    private static String caller(HttpsExchange exchange) {
        String name;
        try {
            name = exchange.getSSLSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            name = "nobody";
        }
        return name + " " + exchange.getSSLSession().getProtocol() + " " + header(exchange);
    }

    private static String header(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("-");
    }

    private GmRun get(CannedServer server, String... options) {
        return getAt(server.url(), options);
    }

    private GmRun getAt(String url, String... options) {
        List<String> arguments = new ArrayList<>(List.of("kv", "get", "a", "--timeout", "4s"));
        arguments.addAll(List.of(options));
        return GmRun.of(url, arguments.toArray(String[]::new));
    }

    private String ca(String set) {
        return temp.resolve(set).resolve("ca.crt").toString();
    }

    private String[] admin() {
        Path admin = temp.resolve("own/admin");
        return new String[] {
            "--ca",
            ca("own"),
            "--certificate",
            admin.resolve("tls.crt").toString(),
            "--key",
            admin.resolve("tls.key").toString()
        };
    }

    private static void refused(GmRun run, int exitCode, String... words) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.err()).startsWith("error: ").contains(words);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void aServerIsCalledOverTls13WhereTheCaIsKnown() throws Exception {
        try (CannedServer server = server()) {
            GmRun run = get(server, "--ca", ca("own"));

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).isEqualTo(VALUE);
            assertThat(callers).containsExactly("nobody TLSv1.3 -");
        }
    }

    @Test
    void theServerKnowsTheCallerByItsCertificate() throws Exception {
        try (CannedServer server = server("node-1", ClientCertificates.DEMANDED, "TLSv1.3")) {
            assertThat(get(server, admin()).out()).isEqualTo(VALUE);

            assertThat(callers).containsExactly("CN=admin,O=groupmembership.io:admins TLSv1.3 -");
        }
    }

    @Test
    void aHostWithoutASchemeIsCalledOverTlsWhereACaIsGiven() throws Exception {
        try (CannedServer server = server()) {
            String place = server.url().substring("https://".length());

            assertThat(getAt(place, "--ca", ca("own")).out()).isEqualTo(VALUE);
        }
    }

    @Test
    void aTokenIsReadAtEachRequest() throws Exception {
        Path token = temp.resolve("token");
        try (CannedServer server = server()) {
            Files.writeString(token, "first\n");
            get(server, "--ca", ca("own"), "--token-file", token.toString());
            Files.writeString(token, "second");
            get(server, "--ca", ca("own"), "--token-file", token.toString());
            Files.writeString(token, "a\nb");
            GmRun bad = get(server, "--ca", ca("own"), "--token-file", token.toString());

            assertThat(callers).containsExactly("nobody TLSv1.3 Bearer first", "nobody TLSv1.3 Bearer second");
            refused(bad, ExitCode.ERROR, "--token-file", token.toString());
        }
        refused(
                get(CannedServer.json(200, "{}"), "--token-file", "/no/such"),
                ExitCode.ERROR,
                "--token-file: /no/such");
    }

    @Test
    void aServerThatAnotherCaSignedIsNotTalkedTo() throws Exception {
        try (CannedServer server = server()) {
            refused(
                    get(server, "--ca", ca("other")),
                    ExitCode.ERROR,
                    server.url(),
                    "none of the CAs in " + ca("other") + " has signed");
            assertThat(callers).isEmpty();
        }
    }

    @Test
    void aServerWhoseCertificateIsForAnotherHostIsNotTalkedTo() throws Exception {
        try (CannedServer server = server("elsewhere", ClientCertificates.ASKED, "TLSv1.3")) {
            refused(get(server, "--ca", ca("own")), ExitCode.ERROR, server.url(), "for other names", "127.0.0.1");
            assertThat(callers).isEmpty();
        }
    }

    @Test
    void aServerMayBeExpectedToHaveAnotherNameThanItsUrl() throws Exception {
        try (CannedServer server = server("elsewhere", ClientCertificates.ASKED, "TLSv1.3")) {
            String[] asked = {"--ca", ca("own"), "--server-name", "elsewhere.example.org"};
            GmRun run = get(server, asked);
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).isEqualTo(VALUE);
            Connector connector = new Connector(
                    Optional.of(new TlsFiles(Path.of(ca("own")), Optional.empty(), Optional.empty())),
                    Optional.of("elsewhere.example.org"),
                    Optional.empty());
            try (Socket socket =
                    connector.socket(URI.create(server.url()), Duration.ofSeconds(4), Duration.ofSeconds(4))) {
                assertThat(socket.isConnected()).isTrue();
            }
        }
        try (CannedServer server = server()) {
            refused(
                    get(server, "--ca", ca("own"), "--server-name", "elsewhere.example.org"),
                    ExitCode.ERROR,
                    server.url(),
                    "for other names");
            assertThat(callers).hasSize(1);
        }
    }

    @Test
    void aServerOfAnOlderTlsIsNotTalkedTo() throws Exception {
        try (CannedServer server = server("node-1", ClientCertificates.ASKED, "TLSv1.2")) {
            refused(get(server, "--ca", ca("own")), ExitCode.ERROR, server.url(), "TLS");
            assertThat(callers).isEmpty();
        }
    }

    @Test
    void whoCallsAServerOfTlsInPlainTextIsToldSo() throws Exception {
        try (CannedServer server = server()) {
            String plain = server.url().replace("https://", "http://");
            refused(getAt(plain), ExitCode.ERROR, plain, "https://");
        }
    }

    @Test
    void whoCallsAServerOfPlainTextOverTlsIsToldSo() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                try (Socket caller = plain.accept()) {
                    caller.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    caller.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // the caller has had enough
                }
            });
            String encrypted = "https://127.0.0.1:" + plain.getLocalPort();
            refused(getAt(encrypted, "--ca", ca("own")), ExitCode.ERROR, encrypted, "http://");
        }
    }

    @Test
    void whoShowsNoCertificateWhereOneIsDemandedIsToldSo() throws Exception {
        try (CannedServer server = server("node-1", ClientCertificates.DEMANDED, "TLSv1.3")) {
            refused(get(server, "--ca", ca("own")), ExitCode.ERROR, server.url(), "certificate");
        }
    }

    @Test
    void optionsThatDoNotGoTogetherAreWrongUsage() throws Exception {
        String certificate = temp.resolve("own/admin/tls.crt").toString();
        refused(getAt("https://127.0.0.1:1"), ExitCode.USAGE, "--ca");
        refused(
                getAt("https://127.0.0.1:1", "--ca", ca("own"), "--certificate", certificate),
                ExitCode.USAGE,
                "--key: is missing");
        refused(getAt("https://127.0.0.1:1", "--ca", "/no/such"), ExitCode.ERROR, "/no/such");
        refused(run("kv", "get", "a", "--kubernetes", "demo", "--ca", ca("own")), ExitCode.USAGE, "--kubernetes");
        refused(run("kv", "get", "a", "--service-account", "ci"), ExitCode.USAGE, "--kubernetes: is missing");
        refused(run("kv", "get", "a", "--kubernetes", "a/b/c"), ExitCode.USAGE, "--kubernetes 'a/b/c'");
        refused(
                getAt(
                        "https://127.0.0.1:1",
                        "--ca",
                        ca("own"),
                        "--certificate",
                        certificate,
                        "--key",
                        temp.resolve("other/admin/tls.key").toString()),
                ExitCode.ERROR,
                "tls.key");
    }

    @Test
    void aNodeThatIsNotThereIsUnavailableAsEver() {
        refused(getAt("https://127.0.0.1:1", "--ca", ca("own")), ExitCode.UNAVAILABLE, "no node answers");
    }

    @Test
    void aWatchComesOverTlsToo() throws Exception {
        SSLContext context =
                ReloadingTls.of(TlsFiles.in(temp.resolve("own/node-1"))).sslContext();
        try (CannedServer server = new CannedServer(
                exchange -> CannedServer.send(exchange, 200, "text/event-stream", "id: 1\nevent: x\ndata: {}\n\n"),
                Optional.of(new HttpsConfigurator(context)))) {
            GmRun seen = GmRun.of(server.url(), "watch", "demo", "--events", "1", "-o", "json", "--ca", ca("own"));
            GmRun stranger = GmRun.of(server.url(), "watch", "demo", "--events", "1", "--ca", ca("other"));

            assertThat(seen.out()).isEqualTo("{}\n");
            refused(stranger, ExitCode.ERROR, "none of the CAs in");
        }
    }

    @Test
    void filesThatChangeAreReadAgain() throws Exception {
        Path trusted = temp.resolve("trusted.crt");
        Files.copy(Path.of(ca("other")), trusted);
        Connector connector = new Connector(
                Optional.of(new TlsFiles(trusted, Optional.empty(), Optional.empty())),
                Optional.empty(),
                Optional.empty());
        try (CannedServer server = server()) {
            assertThat(answers(connector, server)).isFalse();

            Path draft = temp.resolve("draft.crt");
            Files.copy(Path.of(ca("own")), draft);
            Files.move(draft, trusted, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

            await().atMost(Duration.ofSeconds(10)).until(() -> answers(connector, server));
        }
    }

    private static boolean answers(Connector connector, CannedServer server) throws IOException {
        return ApiClient.once(connector, URI.create(server.url()), Request.get("/"), Duration.ofSeconds(4))
                .isPresent();
    }
}
