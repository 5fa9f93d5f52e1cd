package io.groupmembership.certificates;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** A certificate and the private key that belongs to it. */
public record KeyedCertificate(X509Certificate certificate, PrivateKey key) {
    /**
     * From text.
     *
     * @param certificate the first one in it
     * @param key in PKCS #8
     * @throws GeneralSecurityException where one of them can't be read, or the key belongs to another certificate
     */
    public static KeyedCertificate read(String certificate, String key) throws GeneralSecurityException {
        X509Certificate first = Pem.readCertificates(certificate).getFirst();
        PrivateKey privateKey = Pem.readKey(key);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(privateKey);
        byte[] signed = signature.sign();
        signature.initVerify(first.getPublicKey());
        if (!signature.verify(signed)) {
            throw new InvalidKeyException("the key does not belong to the certificate");
        }
        return new KeyedCertificate(first, privateKey);
    }

    /** The certificate as text. */
    public String certificatePem() {
        return Pem.certificate(certificate);
    }

    /** The key as text, in PKCS #8. */
    public String keyPem() {
        return Pem.key(key);
    }

    @Override
    public String toString() {
        return "KeyedCertificate[" + certificate.getSubjectX500Principal() + ", until "
                + certificate.getNotAfter().toInstant() + "]";
    }
}
