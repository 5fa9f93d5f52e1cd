package io.groupmembership.operator.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates as RFC 5280 has them: ECDSA on P-256, a CA that can sign no other CA, and a certificate for one DNS
 * name and servers only. Each CA has a name of its own, so that two in one bundle are not taken for one another.
 */
final class CertificateIssuer {
    private static final int SERIAL_BITS = 127;

    private final SecureRandom random = new SecureRandom();
    private final CertificateTerms terms;

    CertificateIssuer(CertificateTerms terms) {
        this.terms = terms;
    }

    KeyedCertificate authority(Instant now) {
        BigInteger serial = serial();
        X500Principal name = new X500Principal("CN=groupmembership-webhook-ca-"
                + serial.toString(16).toLowerCase(Locale.ROOT).substring(0, 8) + ",O=groupmembership.io");
        KeyPair keys = keys();
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder certificate = builder(
                            name, serial, now, terms.authorityLife(), name, keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            extensions.createSubjectKeyIdentifier(keys.getPublic()));
            return new KeyedCertificate(signed(certificate, keys.getPrivate()), keys.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate can be made with this JDK", e);
        }
    }

    KeyedCertificate serving(KeyedCertificate authority, Instant now) {
        KeyPair keys = keys();
        // a common name has at most 64 characters, and nobody reads it: the name is in the extension
        X500Principal name = new X500Principal("CN=groupmembership-webhook,O=groupmembership.io");
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder certificate = builder(
                            authority.certificate().getSubjectX500Principal(),
                            serial(),
                            now,
                            terms.servingLife(),
                            name,
                            keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, terms.dnsName())))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(
                                    authority.certificate().getPublicKey()));
            return new KeyedCertificate(signed(certificate, authority.key()), keys.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate can be made with this JDK", e);
        }
    }

    private X509v3CertificateBuilder builder(
            X500Principal issuer, BigInteger serial, Instant now, Duration life, X500Principal subject, PublicKey key) {
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(now.minus(terms.backdated())), Date.from(now.plus(life)), subject, key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder certificate, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private BigInteger serial() {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }

    private KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }
}
