package io.groupmembership.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.operator.node.NodeHttp;
import io.groupmembership.operator.node.NodeTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator as the client of a server that demands a certificate, at an address that no certificate names. */
class NodeTlsTest {
    private static final CertificateIssuer NODES =
            new CertificateIssuer(UsualTerms.of(new ClusterHolders("shop", "main").nodes()));
    private static final CertificateIssuer OPERATORS = new CertificateIssuer(UsualTerms.of(ClusterHolders.operator()));
    private static final char[] PASSWORD = "password".toCharArray();

    private final Instant now = Instant.now();
    private final KeyedCertificate ca = NODES.authority(now);
    private final KeyedCertificate otherCa = NODES.authority(now);
    private final NodeTls tls = new NodeTls();
    private final NodeHttp http = NodeHttp.tls(tls.context());
    private @Nullable HttpsServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
        http.close();
    }

    private void serve(KeyedCertificate own, X509Certificate trusted) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key(), PASSWORD, new X509Certificate[] {own.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("ca", trusted);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpsServer started = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        started.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters needed = context.getDefaultSSLParameters();
                needed.setNeedClientAuth(true);
                parameters.setSSLParameters(needed);
            }
        });
        started.createContext("/", exchange -> {
            String caller = ((com.sun.net.httpserver.HttpsExchange) exchange)
                    .getSSLSession()
                    .getPeerPrincipal()
                    .getName();
            byte[] body = caller.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        started.start();
        server = started;
    }

    private HttpsServer serving() {
        return Objects.requireNonNull(server);
    }

    private String call() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        http.node("127.0.0.1", serving().getAddress().getPort()))
                .timeout(Duration.ofSeconds(10))
                .build();
        return http.client().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void use(KeyedCertificate signer, List<X509Certificate> bundle) {
        KeyedCertificate own = OPERATORS.serving(signer, now);
        tls.use(own.key(), own.certificate(), bundle);
    }

    @Test
    void aNodeIsKnownByItsCaAndItsOrganizationAndTheOperatorByItsName() throws Exception {
        serve(NODES.serving(ca, now), ca.certificate());
        use(ca, List.of(ca.certificate()));

        assertThat(call()).contains("CN=operator").contains("groupmembership.io:admins");
    }

    @Test
    void anotherCasNodeAndAnAdministratorWhoServesAreNotCalled() throws Exception {
        use(ca, List.of(ca.certificate()));

        serve(NODES.serving(otherCa, now), ca.certificate());
        assertThatThrownBy(this::call).isInstanceOf(SSLException.class);
        serving().stop(0);

        CertificateIssuer admins = new CertificateIssuer(UsualTerms.of(
                new CertificateTerms.Holder("operator", "groupmembership.io:admins", List.of("main.shop.svc"), true)));
        serve(admins.serving(ca, now), ca.certificate());
        assertThatThrownBy(this::call).isInstanceOf(SSLException.class).hasMessageContaining("no node");
    }

    @Test
    void beforeThereAreCertificatesNobodyIsCalled() throws Exception {
        serve(NODES.serving(ca, now), ca.certificate());

        assertThatThrownBy(this::call).isInstanceOf(IOException.class);
    }

    @Test
    void certificatesChangeBetweenTwoCallsOfOneClient() throws Exception {
        serve(NODES.serving(ca, now), ca.certificate());
        use(ca, List.of(ca.certificate()));
        assertThat(call()).contains("CN=operator");
        serving().stop(0);

        serve(NODES.serving(otherCa, now), otherCa.certificate());
        use(otherCa, List.of(ca.certificate(), otherCa.certificate()));
        assertThat(call()).contains("CN=operator");
    }
}
