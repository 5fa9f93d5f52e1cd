package io.groupmembership.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.certificates.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class CertificateSecretsTest {
    private static final CertificateTerms TERMS = UsualTerms.webhook("groupmembership-system");
    private static final CertificateIssuer ISSUER = new CertificateIssuer(TERMS);

    private final Instant now = Instant.now();
    private final KeyedCertificate old = ISSUER.authority(now);
    private final KeyedCertificate newest = ISSUER.authority(now);
    private final Serving serving =
            new Serving(ISSUER.serving(newest, now), List.of(newest.certificate(), old.certificate()));

    @Test
    void whatIsWrittenIsRead() {
        Authority authority = new Authority(newest, List.of(old.certificate()), Optional.of(Instant.EPOCH));

        assertThat(CertificateSecrets.WEBHOOK.authority(
                        Optional.of(CertificateSecrets.WEBHOOK.write(Optional.empty(), authority))))
                .isEqualTo(new Stored.Present<>(authority));
        assertThat(CertificateSecrets.WEBHOOK.serving(
                        Optional.of(CertificateSecrets.WEBHOOK.write(Optional.empty(), serving))))
                .isEqualTo(new Stored.Present<>(serving));
    }

    @Test
    void anEarlierRotationLeavesNoTrace() {
        Secret before = CertificateSecrets.WEBHOOK.write(
                Optional.empty(), new Authority(newest, List.of(old.certificate()), Optional.of(Instant.EPOCH)));
        Authority after = new Authority(newest, List.of(), Optional.empty());

        assertThat(CertificateSecrets.WEBHOOK.authority(
                        Optional.of(CertificateSecrets.WEBHOOK.write(Optional.of(before), after))))
                .isEqualTo(new Stored.Present<>(after));
    }

    @Test
    void aSecretKeepsItsVersionAndWhatOthersWroteOnIt() {
        Secret before = new SecretBuilder(CertificateSecrets.WEBHOOK.write(Optional.empty(), serving))
                .editMetadata()
                .withResourceVersion("7")
                .addToLabels("team", "a")
                .endMetadata()
                .build();

        Secret after = CertificateSecrets.WEBHOOK.write(Optional.of(before), serving);

        assertThat(after.getMetadata().getResourceVersion()).isEqualTo("7");
        assertThat(after.getMetadata().getLabels()).containsEntry("team", "a");
        assertThat(after.getType()).isEqualTo("kubernetes.io/tls");
    }

    @Test
    void theKeyOfTheCaIsNotBesideTheCertificate() {
        Secret secret = CertificateSecrets.WEBHOOK.write(Optional.empty(), serving);

        assertThat(secret.getData()).containsOnlyKeys("tls.crt", "tls.key", "ca.crt");
    }

    @Test
    void whatCannotBeReadIsSaidToBeSo() {
        Secret good = CertificateSecrets.WEBHOOK.write(Optional.empty(), serving);
        String otherKey = Pem.key(ISSUER.authority(now).key());
        List<Secret> bad = List.of(
                new SecretBuilder(good).withData(null).build(),
                with(good, "tls.crt", ""),
                with(good, "tls.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                with(good, "tls.key", "nothing"),
                with(good, "tls.key", "-----BEGIN PRIVATE KEY-----\n????\n-----END PRIVATE KEY-----\n"),
                with(good, "tls.key", otherKey),
                new SecretBuilder(good).addToData("tls.crt", "not base64!").build());
        for (Secret secret : bad) {
            assertThat(CertificateSecrets.WEBHOOK.serving(Optional.of(secret))).isInstanceOf(Stored.Unreadable.class);
        }
        assertThat(CertificateSecrets.WEBHOOK.serving(Optional.empty())).isInstanceOf(Stored.Absent.class);
    }

    @Test
    void aClientThatTrustsTheBundleAndAsksForTheServiceAcceptsTheCertificate() throws Exception {
        assertThat(handshake("groupmembership-webhook.groupmembership-system.svc"))
                .isTrue();
        assertThat(handshake("kubernetes.default.svc")).isFalse();
    }

    private static Secret with(Secret secret, String key, String text) {
        return new SecretBuilder(secret)
                .addToData(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII)))
                .build();
    }

    private boolean handshake(String host) throws GeneralSecurityException, IOException, InterruptedException {
        SSLContext server = SSLContext.getInstance("TLSv1.3");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = empty();
        store.setKeyEntry("webhook", serving.certificate().key(), new char[0], new Certificate[] {
            serving.certificate().certificate()
        });
        keys.init(store, new char[0]);
        server.init(keys.getKeyManagers(), null, null);
        SSLContext client = SSLContext.getInstance("TLSv1.3");
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = empty();
        trusted.setCertificateEntry("old", old.certificate());
        trusted.setCertificateEntry("newest", newest.certificate());
        trust.init(trusted);
        client.init(null, trust.getTrustManagers(), null);
        try (SSLServerSocket listening =
                (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0)) {
            Thread accepting = Thread.startVirtualThread(() -> {
                try (SSLSocket accepted = (SSLSocket) listening.accept()) {
                    accepted.startHandshake();
                } catch (IOException e) {
                    // the client did not like it
                }
            });
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
                    SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(plain, host, 443, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return true;
            } catch (IOException e) {
                return false;
            } finally {
                accepting.join();
            }
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
