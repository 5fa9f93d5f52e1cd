package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
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
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Calls the nodes of a cluster over TLS from outside, by ports of a machine. */
final class OutsideClient implements AutoCloseable {
    private static final String AUDIENCE = "groupmembership.io";

    private final OutsidePorts ports;
    private final SSLContext context;
    private final HttpClient client;

    /** @param ca the file with the CAs that the nodes are known by, which may change */
    OutsideClient(OutsidePorts ports, Path ca) throws TlsException, GeneralSecurityException {
        this(ports, context(ca));
    }

    private OutsideClient(OutsidePorts ports, SSLContext context) {
        this.ports = ports;
        this.context = context;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .sslContext(context)
                .build();
    }

    private static SSLContext context(Path ca) throws TlsException, GeneralSecurityException {
        TlsFiles files = new TlsFiles(ca, Optional.empty(), Optional.empty());
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                null,
                new TrustManager[] {new AnyHost(ReloadingTls.of(files).trustManager(Set.of(CertificateRequest.NODES)))},
                null);
        return context;
    }

    /** One that has no connection yet. */
    OutsideClient another() {
        return new OutsideClient(ports, context);
    }

    /** Where a port is, as host:port. */
    String place(String port) {
        return ports.machine() + ":" + ports.port(port);
    }

    HttpRequest.Builder get(String path) {
        return to("https", "http", path);
    }

    /** @param port as the nodes' container calls it */
    HttpRequest.Builder to(String scheme, String port, String path) {
        return HttpRequest.newBuilder(URI.create(scheme + "://" + place(port) + path))
                .timeout(Duration.ofSeconds(15));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** -1 where there was no answer. */
    int status(HttpRequest.Builder request) {
        try {
            return send(request).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    /** As the kubelet gets it for a pod. */
    static String token(Namespace where, Pod pod) {
        return token(where, pod, AUDIENCE);
    }

    static String token(Namespace where, Pod pod, String audience) {
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

    static HttpRequest.Builder as(String token, HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + token);
    }

    @Override
    public void close() {
        client.close();
    }

    /** Asks no host name of a node, as a port of a machine has none that a certificate could name. */
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
}
