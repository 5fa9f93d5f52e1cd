package io.groupmembership.certificates;

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
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates as RFC 5280 has them: ECDSA on P-256, and a CA that can sign no other CA. Each CA has a name of its
 * own, so that two in one bundle are not taken for one another.
 *
 * @param keyed the CA's certificate and its key
 */
public record CertificateAuthority(KeyedCertificate keyed) {
    /** How far notBefore lies in the past, for clocks that are behind. */
    public static final Duration BACKDATED = Duration.ofHours(1);

    private static final String ORGANIZATION = "groupmembership.io";
    private static final int SERIAL_BITS = 127;
    private static final int DIGITS_IN_NAME = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * A new CA.
     *
     * @param name 1 to 55 characters; its common name is this with a hyphen and eight random digits after it
     * @param life from now on
     * @throws IllegalArgumentException where the name is longer
     */
    public static CertificateAuthority create(String name, Duration life, Instant now) {
        BigInteger serial = serial();
        String commonName = name + "-" + serial.toString(16).substring(0, DIGITS_IN_NAME);
        CertificateRequest.checkName("name", commonName);
        X500Name subject = subject(commonName, List.of(ORGANIZATION));
        KeyPair keys = keys();
        try {
            X509v3CertificateBuilder certificate = builder(subject, serial, now, life, subject, keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return new CertificateAuthority(
                    new KeyedCertificate(signed(certificate, keys.getPrivate()), keys.getPrivate()));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate can be made with this JDK", e);
        }
    }

    /** How long a certificate was to be good when it was issued. */
    public static Duration lifeOf(X509Certificate certificate) {
        return Duration.between(
                certificate.getNotBefore().toInstant().plus(BACKDATED),
                certificate.getNotAfter().toInstant());
    }

    /** Says whether two thirds of a certificate's life are over: time for another one. */
    public static boolean isDue(X509Certificate certificate, Instant now) {
        Duration third = lifeOf(certificate).dividedBy(3);
        return !now.isBefore(certificate.getNotAfter().toInstant().minus(third));
    }

    /** The CA's certificate, which others are to trust. */
    public X509Certificate certificate() {
        return keyed.certificate();
    }

    /** Says whether this CA signed it. */
    public boolean signed(X509Certificate issued) {
        try {
            issued.verify(certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A certificate with a key of its own, signed by this CA; it may end later than the CA, and is then good until that ends. */
    public KeyedCertificate issue(CertificateRequest request, Instant now) {
        KeyPair keys = keys();
        // as it stands in the CA: to parse and to write it again could change it
        X500Name issuer =
                X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
        X500Name subject = subject(request.commonName(), request.groups());
        try {
            X509v3CertificateBuilder certificate = builder(
                            issuer, serial(), now, request.life(), subject, keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, usages(request))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils()
                                    .createAuthorityKeyIdentifier(certificate().getPublicKey()));
            GeneralName[] names = Stream.concat(
                            request.dnsNames().stream().map(name -> new GeneralName(GeneralName.dNSName, name)),
                            request.ips().stream().map(ip -> new GeneralName(GeneralName.iPAddress, ip)))
                    .toArray(GeneralName[]::new);
            if (names.length > 0) {
                certificate.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new KeyedCertificate(signed(certificate, keyed.key()), keys.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate can be made with this JDK", e);
        }
    }

    private static ExtendedKeyUsage usages(CertificateRequest request) {
        return new ExtendedKeyUsage(request.usages().stream()
                .sorted()
                .map(CertificateUsage::purpose)
                .toArray(KeyPurposeId[]::new));
    }

    private static X500Name subject(String commonName, List<String> organizations) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        organizations.forEach(organization -> name.addRDN(BCStyle.O, organization));
        return name.addRDN(BCStyle.CN, commonName).build();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, BigInteger serial, Instant now, Duration life, X500Name subject, PublicKey key) {
        return new X509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private static X509Certificate signed(X509v3CertificateBuilder certificate, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }
}
