package io.groupmembership.node.api;

import io.groupmembership.node.access.Authentication;
import io.groupmembership.node.access.Authority;
import io.groupmembership.node.access.Caller;
import io.groupmembership.node.access.Certificates;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a request shows of who sends it: the certificate of its connection, which TLS has verified, or else a token. */
final class Credentials {
    private static final String BEARER = "Bearer ";

    private Credentials() {}

    static CompletableFuture<Authentication> authenticate(HttpServerRequest request, Authority authority) {
        Optional<X509Certificate> certificate = certificate(request.sslSession());
        if (certificate.isPresent()) {
            return CompletableFuture.completedFuture(caller(certificate.get()));
        }
        List<String> headers = request.headers().getAll("Authorization");
        if (headers.isEmpty()) {
            return CompletableFuture.completedFuture(new Authentication.Known(Caller.ANONYMOUS));
        }
        String header = headers.getFirst();
        if (headers.size() > 1 || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return CompletableFuture.completedFuture(
                    new Authentication.Refused("Authorization must be one Bearer token"));
        }
        return authority.authenticate(header.substring(BEARER.length()).strip());
    }

    /** A connection may outlive its certificate. */
    private static Authentication caller(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return Certificates.caller(certificate);
        } catch (CertificateException e) {
            return new Authentication.Refused("the certificate has expired");
        }
    }

    private static Optional<X509Certificate> certificate(@Nullable SSLSession session) {
        if (session == null) {
            return Optional.empty();
        }
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
