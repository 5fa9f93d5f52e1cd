package io.groupmembership.node.tls;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.protocol.tls.PeerGroups;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsException;
import io.groupmembership.protocol.tls.TlsFiles;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's certificates, and what each of its ports demands of those who call: the clients' port asks for a certificate
 * and takes whoever has none, the admin port wants one of a node or an administrator. TLS 1.3 only.
 *
 * @param reloading empty where the node talks in plain text
 */
public record NodeTls(Optional<ReloadingTls> reloading) {
    /** Without TLS. */
    public static final NodeTls PLAIN = new NodeTls(Optional.empty());

    /** Whom the admin port serves. */
    static final Set<String> ADMIN_CALLERS = Set.of(PeerGroups.NODES, PeerGroups.ADMINISTRATORS);

    private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);

    /** A session that is taken up again would pass by the trust in the CA that signed it, after that was dropped. */
    private static final String TICKETS = "jdk.tls.server.newSessionTicketCount";

    /**
     * Reads the files a first time.
     *
     * @param directory with ca.crt, tls.crt and tls.key; without it there is no TLS
     * @throws IdentityException where they are not what they should be, or the key is there for others to read
     */
    public static NodeTls of(Optional<Path> directory) {
        if (directory.isEmpty()) {
            return PLAIN;
        }
        // read by the JDK when the first connection of TLS is set up
        System.setProperty(TICKETS, "0");
        TlsFiles files = TlsFiles.in(directory.get());
        try {
            ReloadingTls reloading = ReloadingTls.of(
                    files,
                    e -> LOG.warn(
                            "gm.tls-dir: {}; the certificates that were read before stay in use", e.getMessage()));
            KeyFile.check(files.key().orElseThrow());
            return new NodeTls(Optional.of(reloading));
        } catch (TlsException e) {
            throw new IdentityException("gm.tls-dir: " + e.getMessage());
        }
    }

    public boolean isOn() {
        return reloading.isPresent();
    }

    /** Looks at the files where it is time, so that a set that does not fit together is told of even where nobody calls. */
    public void refresh() {
        reloading.ifPresent(ReloadingTls::expiry);
    }

    /** The clients' port: whoever shows a certificate is who it says, whoever shows none is nobody. */
    public void applyForClients(HttpServerOptions options) {
        apply(options, ClientAuth.REQUEST, Set.of());
    }

    /** The admin port. */
    public void applyForAdministrators(HttpServerOptions options) {
        apply(options, ClientAuth.REQUIRED, ADMIN_CALLERS);
    }

    private void apply(HttpServerOptions options, ClientAuth clientAuth, Set<String> callers) {
        reloading.ifPresent(tls -> options.setSsl(true)
                .setSslEngineOptions(new JdkSSLEngineOptions())
                .setEnabledSecureTransportProtocols(Set.of(ReloadingTls.PROTOCOL))
                .setKeyCertOptions(KeyCertOptions.wrap(tls.keyManager()))
                .setTrustOptions(TrustOptions.wrap(tls.trustManager(callers)))
                .setClientAuth(clientAuth));
    }

    /** The clients' port of a node that waits. */
    public Optional<HttpsConfigurator> waitingForClients() {
        return reloading.map(tls -> new Configurator(tls.sslContext(), false));
    }

    /** The admin port of a node that waits. */
    public Optional<HttpsConfigurator> waitingForAdministrators() {
        return reloading.map(tls -> new Configurator(tls.sslContext(ADMIN_CALLERS), true));
    }

    private static final class Configurator extends HttpsConfigurator {
        private final boolean demanded;

        private Configurator(SSLContext context, boolean demanded) {
            super(context);
            this.demanded = demanded;
        }

        @Override
        public void configure(HttpsParameters connection) {
            SSLParameters parameters = ReloadingTls.limited(getSSLContext().getDefaultSSLParameters());
            if (demanded) {
                parameters.setNeedClientAuth(true);
            } else {
                parameters.setWantClientAuth(true);
            }
            connection.setSSLParameters(parameters);
        }
    }
}
