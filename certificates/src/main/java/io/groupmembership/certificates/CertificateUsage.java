package io.groupmembership.certificates;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** What a certificate may be shown for (extended key usage). */
public enum CertificateUsage {
    /** By a server to its clients. */
    SERVER("1.3.6.1.5.5.7.3.1"),

    /** By a client to its servers. */
    CLIENT("1.3.6.1.5.5.7.3.2");

    private final String id;

    /** @param id the object identifier in RFC 5280, section 4.2.1.12 */
    CertificateUsage(String id) {
        this.id = id;
    }

    KeyPurposeId purpose() {
        return KeyPurposeId.getInstance(new ASN1ObjectIdentifier(id));
    }

    /** The usage with this object identifier, if it is one of these. */
    static Optional<CertificateUsage> ofId(String id) {
        return Arrays.stream(values()).filter(usage -> usage.id.equals(id)).findFirst();
    }
}
