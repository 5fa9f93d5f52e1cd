package io.groupmembership.protocol.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.certificates.KeyedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadingTlsTest {
    private static final Duration LIFE = Duration.ofDays(1);
    private static final String NODES = CertificateRequest.NODES;

    private final CertificateAuthority ca = CertificateAuthority.create("one", LIFE, Instant.now());
    private final CertificateAuthority other = CertificateAuthority.create("two", LIFE, Instant.now());
    private final List<String> problems = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    Path root;

    private Path serverFiles = Path.of("");
    private Path clientFiles = Path.of("");

    @BeforeEach
    void twoSides() throws IOException {
        serverFiles = Files.createDirectory(root.resolve("server"));
        clientFiles = Files.createDirectory(root.resolve("client"));
        write(serverFiles, ca.keyed().certificatePem(), node(ca));
        write(clientFiles, ca.keyed().certificatePem(), node(ca));
    }

    private static KeyedCertificate node(CertificateAuthority by) {
        return by.issue(
                CertificateRequest.node("node-1", List.of("localhost"), List.of("127.0.0.1"), LIFE), Instant.now());
    }

    private static KeyedCertificate agent(CertificateAuthority by) {
        return by.issue(CertificateRequest.client("agent", List.of("shop"), LIFE), Instant.now());
    }

    private static void write(Path directory, String bundle, KeyedCertificate keyed) throws IOException {
        Files.writeString(directory.resolve("ca.crt"), bundle);
        Files.writeString(directory.resolve("tls.crt"), keyed.certificatePem());
        Files.writeString(directory.resolve("tls.key"), keyed.keyPem());
    }

    @Test
    void bothSidesKnowOneAnother() throws Exception {
        // given
        SSLContext server = ReloadingTls.of(TlsFiles.in(serverFiles)).sslContext();
        SSLContext client = ReloadingTls.of(TlsFiles.in(clientFiles)).sslContext();

        // when
        String protocol = talk(server, client, ReloadingTls.PROTOCOL);

        // then
        assertThat(protocol).isEqualTo("TLSv1.3");
    }

    @Test
    void anOlderTlsIsRefused() throws Exception {
        SSLContext server = ReloadingTls.of(TlsFiles.in(serverFiles)).sslContext();
        SSLContext client = ReloadingTls.of(TlsFiles.in(clientFiles)).sslContext();

        assertThatIOException().isThrownBy(() -> talk(server, client, "TLSv1.2"));
    }

    @Test
    void whatAnotherCaSignedIsRefused() throws Exception {
        write(clientFiles, ca.keyed().certificatePem(), node(other));
        SSLContext server = ReloadingTls.of(TlsFiles.in(serverFiles)).sslContext();
        SSLContext client = ReloadingTls.of(TlsFiles.in(clientFiles)).sslContext();

        assertThatIOException().isThrownBy(() -> talk(server, client, ReloadingTls.PROTOCOL));
    }

    @Test
    void aCertificateOfAnotherGroupIsRefusedWhereOneIsDemanded() throws Exception {
        // given
        ReloadingTls server = ReloadingTls.of(TlsFiles.in(serverFiles));
        write(clientFiles, ca.keyed().certificatePem(), agent(ca));
        SSLContext client = ReloadingTls.of(TlsFiles.in(clientFiles)).sslContext();

        // when it is an agent's, then
        assertThat(talk(server.sslContext(), client, ReloadingTls.PROTOCOL)).isEqualTo("TLSv1.3");
        assertThatIOException().isThrownBy(() -> talk(server.sslContext(Set.of(NODES)), client, ReloadingTls.PROTOCOL));
    }

    @Test
    void theCaAndTheCertificatesAreChangedWhileBothRun() throws Exception {
        // given
        ReloadingTls server = live(serverFiles);
        ReloadingTls client = live(clientFiles);
        SSLContext serving = server.sslContext();
        SSLContext calling = client.sslContext();
        String one = ca.keyed().certificatePem();
        String two = other.keyed().certificatePem();
        KeyedCertificate old = node(ca);

        // when the second CA is appended, then
        for (Path side : List.of(serverFiles, clientFiles)) {
            write(side, one + two, old);
            nanos.addAndGet(LiveMaterial.EACH.toNanos());
            assertThat(talk(serving, calling, ReloadingTls.PROTOCOL)).isEqualTo("TLSv1.3");
        }
        // when the certificates are swapped, one after the other, then
        for (Path side : List.of(serverFiles, clientFiles)) {
            write(side, one + two, node(other));
            nanos.addAndGet(LiveMaterial.EACH.toNanos());
            assertThat(talk(serving, calling, ReloadingTls.PROTOCOL)).isEqualTo("TLSv1.3");
        }
        // when the first CA is dropped, then
        for (Path side : List.of(serverFiles, clientFiles)) {
            write(side, two, node(other));
            nanos.addAndGet(LiveMaterial.EACH.toNanos());
            assertThat(talk(serving, calling, ReloadingTls.PROTOCOL)).isEqualTo("TLSv1.3");
        }
        // and what the first one signed is refused from now on
        write(clientFiles, two, old);
        nanos.addAndGet(LiveMaterial.EACH.toNanos());
        SSLContext stranger = live(clientFiles).sslContext();
        assertThatIOException().isThrownBy(() -> talk(serving, stranger, ReloadingTls.PROTOCOL));
        assertThat(problems).isEmpty();
    }

    @Test
    void filesThatDoNotFitTogetherChangeNothingAndAreReportedOnce() throws Exception {
        // given
        ReloadingTls server = live(serverFiles);
        Optional<Instant> before = server.expiry();
        KeyedCertificate next = other.issue(
                CertificateRequest.node("node-1", List.of("localhost"), List.of(), LIFE.multipliedBy(2)),
                Instant.now());

        // when the certificate is there before its key
        Files.writeString(serverFiles.resolve("tls.crt"), next.certificatePem());
        nanos.addAndGet(LiveMaterial.EACH.toNanos());
        Optional<Instant> meanwhile = server.expiry();
        nanos.addAndGet(LiveMaterial.EACH.toNanos());
        server.expiry();

        // then
        assertThat(meanwhile).isEqualTo(before);
        assertThat(server.failures()).isEqualTo(1);
        assertThat(problems).singleElement().asString().contains("tls.key", "is not the key of");
        assertThat(problems.getFirst()).doesNotContain(next.keyPem().substring(30, 60));

        // when the key has come
        Files.writeString(serverFiles.resolve("tls.key"), next.keyPem());
        nanos.addAndGet(LiveMaterial.EACH.toNanos());

        // then
        assertThat(server.expiry()).contains(next.certificate().getNotAfter().toInstant());
    }

    @Test
    void theFilesAreReadOnceInASecondAtMost() throws Exception {
        // given
        ReloadingTls server = live(serverFiles);
        Optional<Instant> before = server.expiry();

        // when
        write(
                serverFiles,
                ca.keyed().certificatePem(),
                ca.issue(
                        CertificateRequest.node("node-1", List.of("localhost"), List.of(), LIFE.dividedBy(2)),
                        Instant.now()));
        nanos.addAndGet(LiveMaterial.EACH.toNanos() - 1);

        // then
        assertThat(server.expiry()).isEqualTo(before);
        nanos.addAndGet(1);
        assertThat(server.expiry()).isNotEqualTo(before);
    }

    @Test
    void theFirstReadingSaysWhichFileIsBad() throws Exception {
        Files.delete(serverFiles.resolve("tls.key"));
        assertRefused("tls.key: is not there");

        write(serverFiles, "no certificate", node(ca));
        assertRefused("ca.crt: ");

        write(serverFiles, ca.keyed().certificatePem(), node(ca));
        Files.writeString(
                serverFiles.resolve("tls.key"), "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----");
        assertRefused("tls.key: has no private key in PKCS #8");

        Files.writeString(serverFiles.resolve("tls.key"), node(ca).keyPem());
        assertRefused("tls.key: is not the key of");
    }

    private void assertRefused(String words) {
        assertThatThrownBy(() -> ReloadingTls.of(TlsFiles.in(serverFiles)))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining(words);
    }

    private ReloadingTls live(Path files) throws TlsException {
        return ReloadingTls.of(TlsFiles.in(files), e -> problems.add(String.valueOf(e.getMessage())), nanos::get);
    }

    /** Says what was spoken; a byte goes both ways, since a server refuses a client after the client's handshake. */
    private static String talk(SSLContext server, SSLContext client, String protocol) throws Exception {
        try (SSLServerSocket listening =
                (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0)) {
            listening.setSSLParameters(ReloadingTls.limited(listening.getSSLParameters()));
            listening.setNeedClientAuth(true);
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (var socket = listening.accept()) {
                    socket.getOutputStream().write(socket.getInputStream().read());
                } catch (IOException _) {
                    // the client sees the end of the connection
                }
            });
            try (SSLSocket socket =
                    (SSLSocket) client.getSocketFactory().createSocket("localhost", listening.getLocalPort())) {
                socket.setSoTimeout(5_000);
                socket.setEnabledProtocols(new String[] {protocol});
                socket.getOutputStream().write(7);
                if (socket.getInputStream().read() != 7) {
                    throw new IOException("refused");
                }
                return socket.getSession().getProtocol();
            } finally {
                served.get(5, TimeUnit.SECONDS);
            }
        }
    }
}
