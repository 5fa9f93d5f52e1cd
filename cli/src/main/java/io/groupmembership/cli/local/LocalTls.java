package io.groupmembership.cli.local;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.cli.certs.CertificateSet;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The certificates of a cluster on this machine: a {@link CertificateSet} with one for each node and one for an
 * administrator. Where it is, the nodes speak TLS and nothing else.
 */
public record LocalTls(CertificateSet set) {
    private static final String AUTHORITY_NAME = "groupmembership-local-ca";
    private static final String ADMINISTRATOR = "admin";
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LIFE = Duration.ofDays(365);

    /** Whether the cluster was made, or started once, with {@code --tls}. */
    public boolean isOn() {
        return set.isThere();
    }

    /** Whom to trust and what to show, to do everything; empty where the nodes speak no TLS. */
    public Optional<TlsFiles> administrator() {
        return isOn()
                ? Optional.of(new TlsFiles(
                        set.bundleFile(),
                        Optional.of(set.certificateFile(ADMINISTRATOR)),
                        Optional.of(set.keyFile(ADMINISTRATOR))))
                : Optional.empty();
    }

    void make(Instant now) throws IOException {
        if (!isOn()) {
            set.make(AUTHORITY_NAME, AUTHORITY_LIFE, now);
        }
    }

    /** Gives the administrator a certificate, where there is none or it is due. */
    void keepAdministrator(Instant now) throws IOException {
        keep(
                ADMINISTRATOR,
                CertificateRequest.client(ADMINISTRATOR, List.of(CertificateRequest.ADMINISTRATORS), LIFE),
                now);
    }

    /** The directory of a node's files; issues what is missing or due. */
    Path keepNode(LocalNode node, Instant now) throws IOException {
        List<String> ips =
                CertificateRequest.isIp(node.host()) ? List.of(node.host(), "::1") : List.of("127.0.0.1", "::1");
        List<String> names = CertificateRequest.isIp(node.host())
                ? List.of(node.nodeId(), "localhost")
                : List.of(node.nodeId(), node.host(), "localhost");
        keep(node.nodeId(), CertificateRequest.node(node.nodeId(), names, ips, LIFE), now);
        return set.directory(node.nodeId());
    }

    private void keep(String name, CertificateRequest request, Instant now) throws IOException {
        Optional<CertificateSet.Issued> there = set.issued(name);
        if (there.isEmpty()) {
            set.issue(name, request, true, now);
        } else if (CertificateAuthority.isDue(there.get().certificate(), now)) {
            set.renew(there.get(), Optional.empty(), now);
        }
    }
}
