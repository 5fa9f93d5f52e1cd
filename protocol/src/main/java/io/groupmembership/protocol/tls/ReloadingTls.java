package io.groupmembership.protocol.tls;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS 1.3 with certificates from files that may change at any time. Each handshake uses what the files hold then; where
 * that can't be read or does not fit together, what they held before. Connections that are open stay open.
 *
 * <p>For any number of threads, on the side of a client and on that of a server.
 */
public final class ReloadingTls {
    /** The only version that is spoken. */
    public static final String PROTOCOL = "TLSv1.3";

    private static final System.Logger LOG = System.getLogger(ReloadingTls.class.getName());

    /** For a session that is taken up again nobody looks at a certificate: not for long after a CA was dropped. */
    private static final int SESSION_SECONDS = 60;

    private final LiveMaterial live;
    private final X509ExtendedKeyManager keyManager;

    private ReloadingTls(LiveMaterial live) {
        this.live = live;
        this.keyManager = new LiveKeyManager(live);
    }

    /**
     * Reads the files a first time. What goes wrong later is logged.
     *
     * @throws TlsException where one can't be read, or they do not fit together
     */
    public static ReloadingTls of(TlsFiles files) throws TlsException {
        return of(
                files,
                e -> LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}; the certificates that were read before stay in use",
                        e.getMessage()));
    }

    /**
     * Reads the files a first time.
     *
     * @param onFailure hears what goes wrong later, once as long as it stays the same; on any thread, must return at once
     * @throws TlsException where one can't be read, or they do not fit together
     */
    public static ReloadingTls of(TlsFiles files, Consumer<TlsException> onFailure) throws TlsException {
        return of(files, onFailure, System::nanoTime);
    }

    static ReloadingTls of(TlsFiles files, Consumer<TlsException> onFailure, LongSupplier nanos) throws TlsException {
        return new ReloadingTls(new LiveMaterial(files, onFailure, nanos));
    }

    /** For clients and servers; whoever the bundle's CAs vouch for is trusted. */
    public SSLContext sslContext() {
        return sslContext(Set.of());
    }

    /**
     * Where the other side must be of a group: a server of it, or a client where one demands a certificate.
     *
     * @param peerGroups an organization (O) of the subject each; none: anybody
     */
    public SSLContext sslContext(Set<String> peerGroups) {
        try {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(new KeyManager[] {keyManager}, new TrustManager[] {trustManager(peerGroups)}, null);
            context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    /** What sets a socket or an engine to TLS 1.3 alone. */
    public static SSLParameters limited(SSLParameters parameters) {
        parameters.setProtocols(new String[] {PROTOCOL});
        return parameters;
    }

    /** For libraries that make their own context. */
    public X509ExtendedKeyManager keyManager() {
        return keyManager;
    }

    /**
     * For libraries that make their own context.
     *
     * @param peerGroups as in {@link #sslContext(Set)}
     */
    public X509ExtendedTrustManager trustManager(Set<String> peerGroups) {
        return new LiveTrustManager(live, peerGroups);
    }

    /** Until when the certificate is good that this side shows now; empty where it shows none. Reads the files. */
    public Optional<Instant> expiry() {
        return live.now()
                .identity()
                .map(identity -> identity.certificate().getNotAfter().toInstant());
    }

    /** How many times files were found that could not be used. */
    public long failures() {
        return live.failures();
    }
}
