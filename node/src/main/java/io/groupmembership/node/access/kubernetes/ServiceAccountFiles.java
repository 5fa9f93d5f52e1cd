package io.groupmembership.node.access.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A directory as pods have it at /var/run/secrets/kubernetes.io/serviceaccount: the files token and ca.crt.
 *
 * @param token without the line's end
 * @param ca PEM, one or more certificates
 */
record ServiceAccountFiles(String token, String ca) {
    static ServiceAccountFiles read(Path directory) throws IOException {
        return new ServiceAccountFiles(
                Files.readString(directory.resolve("token")).strip(), Files.readString(directory.resolve("ca.crt")));
    }

    /** Trusts these authorities and no others. */
    SSLContext sslContext() throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(ca.getBytes(StandardCharsets.US_ASCII)))) {
                trusted.setCertificateEntry("ca-" + number++, one);
            }
            if (number == 0) {
                throw new IOException("ca.crt has no certificate");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("ca.crt can't be used: " + e.getMessage(), e);
        }
    }

    /** Says nothing of the token. */
    @Override
    public String toString() {
        return "ServiceAccountFiles";
    }
}
