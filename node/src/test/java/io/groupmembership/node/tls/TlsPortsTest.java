package io.groupmembership.node.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.node.api.InMemoryNode;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsFiles;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@TestProfile(TlsNode.class)
class TlsPortsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ADMIN_PORT = InMemoryNode.adminPort();

    @TempDir
    Path directory;

    @ConfigProperty(name = "quarkus.http.test-port")
    int httpPort;

    private CertificateAuthority one = TestCertificates.authority("unused");
    private final CertificateAuthority two = TestCertificates.authority("two");

    @BeforeEach
    void theCertificatesThatTheNodeBeganWith() throws Exception {
        one = TlsNode.authority();
        TestCertificates.write(TlsNode.FILES, TestCertificates.node(one), one);
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> one.signed(caller(TestCertificates.node(one)).http(ADMIN_PORT)));
    }

    /** Who trusts both CAs. */
    private TlsProbe caller(KeyedCertificate certificate) {
        return TlsProbe.of(TestCertificates.write(directory.resolve("caller"), certificate, one, two));
    }

    /** As somebody who shows no certificate. */
    private HttpResponse<String> get(int port, String path) throws Exception {
        caller(TestCertificates.agent(one));
        TlsFiles nobody =
                new TlsFiles(directory.resolve("caller").resolve("ca.crt"), Optional.empty(), Optional.empty());
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(ReloadingTls.of(nobody).sslContext())
                .connectTimeout(PATIENCE)
                .build()) {
            URI url = URI.create("https://127.0.0.1:" + port + path);
            return http.send(
                    HttpRequest.newBuilder(url).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void theClientsPortServesWhoeverShowsACertificateOrNone() throws Exception {
        assertThat(get(httpPort, "/v1/raft").statusCode()).isEqualTo(200);
        for (KeyedCertificate certificate :
                List.of(TestCertificates.agent(one), TestCertificates.node(one), TestCertificates.administrator(one))) {
            assertThat(caller(certificate).http(httpPort)).isNotNull();
        }
    }

    @Test
    void theAdminPortServesNodesAndAdministratorsAlone() throws Exception {
        assertThat(caller(TestCertificates.node(one)).http(ADMIN_PORT)).isNotNull();
        assertThat(caller(TestCertificates.administrator(one)).http(ADMIN_PORT)).isNotNull();
        assertThatIOException()
                .isThrownBy(() -> caller(TestCertificates.agent(one)).http(ADMIN_PORT));
        assertThatIOException().isThrownBy(() -> get(ADMIN_PORT, "/v1/raft"));
    }

    @Test
    void anotherCaAnOlderTlsAndPlainTextAreRefusedAtBoth() throws Exception {
        for (int port : List.of(httpPort, ADMIN_PORT)) {
            assertThatIOException()
                    .isThrownBy(() -> caller(TestCertificates.node(two)).http(port));
            assertThatIOException()
                    .isThrownBy(() -> caller(TestCertificates.node(one)).older(port));
            assertThat(TlsProbe.plainText(port)).isEmpty();
        }
    }

    @Test
    void theMetricsSayWhenTheCertificateEnds() throws Exception {
        assertThat(get(httpPort, "/q/metrics").body())
                .containsPattern("gm_tls_certificate_expiry_seconds(\\{[^}]*})? 1\\.\\d+E9")
                .containsPattern("gm_tls_reload_failures_total(\\{[^}]*})? \\d");
    }

    @Test
    void theCaAndTheCertificateAreChangedWithoutAFailedRequest() throws Exception {
        // given somebody who connects again and again, and trusts both
        TlsProbe steady = TlsProbe.of(
                TestCertificates.write(directory.resolve("steady"), TestCertificates.administrator(one), one, two));
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Integer> called = CompletableFuture.supplyAsync(() -> {
            int calls = 0;
            try {
                for (; !enough.get(); calls++) {
                    steady.http(httpPort);
                    steady.http(ADMIN_PORT);
                }
            } catch (IOException e) {
                throw new IllegalStateException("call " + calls + " failed", e);
            }
            return calls;
        });

        // when the second CA is appended, and the certificate is swapped
        TestCertificates.write(TlsNode.FILES, TestCertificates.node(one), one, two);
        TlsProbe later = caller(TestCertificates.administrator(two));
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> later.http(ADMIN_PORT) != null);
        TestCertificates.write(TlsNode.FILES, TestCertificates.node(two), one, two);
        Awaitility.await().atMost(PATIENCE).until(() -> two.signed(later.http(httpPort)));
        enough.set(true);

        // then
        assertThat(called.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPositive();

        // and once the first CA is dropped what it signed is refused
        TestCertificates.write(TlsNode.FILES, TestCertificates.node(two), two);
        Awaitility.await().atMost(PATIENCE).until(() -> isRefused(steady, ADMIN_PORT) && isRefused(steady, httpPort));
    }

    private static boolean isRefused(TlsProbe probe, int port) {
        try {
            probe.http(port);
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
