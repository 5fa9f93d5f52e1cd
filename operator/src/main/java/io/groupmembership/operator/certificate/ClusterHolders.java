package io.groupmembership.operator.certificate;

import io.groupmembership.certificates.CertificateRequest;
import java.util.List;
import java.util.stream.Stream;

/** Whom the certificates of a cluster name, and the objects that they lie in. */
record ClusterHolders(String namespace, String name) {
    /** All nodes have the same one: they do the same things, and a StatefulSet mounts one Secret. */
    CertificateTerms.Holder nodes() {
        List<String> names = Stream.of("*." + name + "-nodes", name)
                .map(host -> host + "." + namespace + ".svc")
                .flatMap(host -> Stream.of(host, host + ".cluster.local"))
                .toList();
        return new CertificateTerms.Holder(name, CertificateRequest.NODES, names, true);
    }

    static CertificateTerms.Holder operator() {
        return new CertificateTerms.Holder("operator", CertificateRequest.ADMINISTRATORS, List.of(), true);
    }

    CertificateSecrets nodeSecrets() {
        return new CertificateSecrets(name + "-ca", ClusterCertificates.nodeSecret(name));
    }

    CertificateSecrets operatorSecrets() {
        return new CertificateSecrets(name + "-ca", name + "-operator-tls");
    }
}
