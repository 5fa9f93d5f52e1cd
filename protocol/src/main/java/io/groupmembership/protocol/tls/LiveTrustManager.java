package io.groupmembership.protocol.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts what the CAs signed that the file holds now, and of that, where groups are given, what is of one of them. */
final class LiveTrustManager extends X509ExtendedTrustManager {
    private final LiveMaterial live;
    private final Set<String> groups;

    /** @param groups none: any */
    LiveTrustManager(LiveMaterial live, Set<String> groups) {
        this.live = live;
        this.groups = Set.copyOf(groups);
    }

    private void checkGroup(X509Certificate[] chain) throws CertificateException {
        if (groups.isEmpty()) {
            return;
        }
        DistinguishedName name = DistinguishedName.ofSubject(chain[0]);
        if (!name.isOfAny(groups)) {
            throw new CertificateException("the certificate of " + chain[0].getSubjectX500Principal()
                    + " is of no group (O) that may be here: " + String.join(", ", groups));
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        live.now().trust().checkClientTrusted(chain, authType);
        checkGroup(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        live.now().trust().checkClientTrusted(chain, authType, socket);
        checkGroup(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        live.now().trust().checkClientTrusted(chain, authType, engine);
        checkGroup(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        live.now().trust().checkServerTrusted(chain, authType);
        checkGroup(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        live.now().trust().checkServerTrusted(chain, authType, socket);
        checkGroup(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        live.now().trust().checkServerTrusted(chain, authType, engine);
        checkGroup(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return live.now().trust().getAcceptedIssuers();
    }
}
