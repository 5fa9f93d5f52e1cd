package io.groupmembership.operator.certificate;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.certificates.CertificateUsage;
import io.groupmembership.certificates.KeyedCertificate;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A CA, and what it signs: the certificates of one holder. */
record CertificateIssuer(CertificateTerms terms) {
    KeyedCertificate authority(Instant now) {
        return CertificateAuthority.create(terms.holder().name() + "-ca", terms.authorityLife(), now)
                .keyed();
    }

    KeyedCertificate serving(KeyedCertificate authority, Instant now) {
        CertificateTerms.Holder holder = terms.holder();
        Set<CertificateUsage> usages = EnumSet.noneOf(CertificateUsage.class);
        if (!holder.dnsNames().isEmpty()) {
            usages.add(CertificateUsage.SERVER);
        }
        if (holder.client()) {
            usages.add(CertificateUsage.CLIENT);
        }
        CertificateRequest request = new CertificateRequest(
                holder.name(),
                List.of(holder.organization()),
                holder.dnsNames(),
                List.of(),
                usages,
                terms.times().life());
        return new CertificateAuthority(authority).issue(request, now);
    }
}
