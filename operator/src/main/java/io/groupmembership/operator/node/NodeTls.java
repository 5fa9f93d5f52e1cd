package io.groupmembership.operator.node;

import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.protocol.tls.DistinguishedName;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How the operator knows the nodes of one cluster, and they the operator. Certificates change while connections are open:
 * each handshake takes those of its moment.
 *
 * <p>Nodes are called at the addresses of their pods, which no certificate names. That the cluster's own CA says of the
 * other side that it is a node ({@code O=groupmembership.io:nodes}) is what counts instead.
 */
public final class NodeTls {
    private record Identity(PrivateKey key, X509Certificate certificate) {}

    private final Keys keys = new Keys();
    private final Nodes nodes = new Nodes();

    /**
     * @param key of the operator
     * @param certificate of the operator
     * @param bundle the CAs of the cluster
     */
    public void use(PrivateKey key, X509Certificate certificate, List<X509Certificate> bundle) {
        keys.use(new Identity(key, certificate));
        nodes.trust(bundle);
    }

    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {keys}, new TrustManager[] {nodes}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    /** A handshake asks for the certificate and for its key one after the other: both are of the name that it chose. */
    private static final class Keys extends X509ExtendedKeyManager {
        private final Map<String, Identity> identities = new ConcurrentHashMap<>();
        private final AtomicLong latest = new AtomicLong();

        void use(Identity identity) {
            if (!identity.equals(identities.get(Long.toString(latest.get())))) {
                identities.put(Long.toString(latest.get() + 1), identity);
                identities.remove(Long.toString(latest.getAndIncrement() - 1));
            }
        }

        private @Nullable String alias() {
            String alias = Long.toString(latest.get());
            return identities.containsKey(alias) ? alias : null;
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return alias();
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return alias();
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            Identity identity = identities.get(alias);
            return identity == null ? null : new X509Certificate[] {identity.certificate()};
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            Identity identity = identities.get(alias);
            return identity == null ? null : identity.key();
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    private static final class Nodes extends X509ExtendedTrustManager {
        private volatile @Nullable X509TrustManager trusted;

        void trust(List<X509Certificate> bundle) {
            try {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                for (int i = 0; i < bundle.size(); i++) {
                    store.setCertificateEntry("ca-" + i, bundle.get(i));
                }
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(store);
                trusted = (X509TrustManager) factory.getTrustManagers()[0];
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("certificates that were read can be trusted", e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            X509TrustManager now = trusted;
            if (now == null) {
                throw new CertificateException("no CA of the cluster is known yet");
            }
            now.checkServerTrusted(chain, type);
            if (!DistinguishedName.ofSubject(chain[0]).organizations().contains(CertificateRequest.NODES)) {
                throw new CertificateException("the other side is no node: "
                        + chain[0].getSubjectX500Principal().getName());
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("the operator serves nobody here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            X509TrustManager now = trusted;
            return now == null ? new X509Certificate[0] : now.getAcceptedIssuers();
        }
    }
}
