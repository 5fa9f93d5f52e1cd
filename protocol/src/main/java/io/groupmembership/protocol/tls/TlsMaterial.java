package io.groupmembership.protocol.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What the files held when they were read, and what follows from it.
 *
 * @param version counts up with each change, so that a handshake uses the key of the certificate that it showed
 */
record TlsMaterial(long version, Texts texts, X509ExtendedTrustManager trust, Optional<Identity> identity) {
    private static final long LARGEST_FILE_BYTES = 1024 * 1024;

    /** The files as they are; compared to find a change. */
    record Texts(String ca, Optional<String> certificate, Optional<String> key) {
        static Texts read(TlsFiles files) throws TlsException {
            Optional<String> certificate = Optional.empty();
            Optional<String> key = Optional.empty();
            if (files.certificate().isPresent() && files.key().isPresent()) {
                certificate = Optional.of(readFile(files.certificate().get()));
                key = Optional.of(readFile(files.key().get()));
            }
            return new Texts(readFile(files.ca()), certificate, key);
        }

        @Override
        public String toString() {
            return "Texts[...]";
        }
    }

    /** What this side shows. */
    record Identity(List<X509Certificate> chain, PrivateKey key) {
        X509Certificate certificate() {
            return chain.getFirst();
        }

        @Override
        public String toString() {
            return "Identity[" + certificate().getSubjectX500Principal() + "]";
        }
    }

    static TlsMaterial of(long version, TlsFiles files, Texts texts) throws TlsException {
        Optional<Identity> identity = Optional.empty();
        if (texts.certificate().isPresent() && texts.key().isPresent()) {
            identity = Optional.of(
                    identity(files, texts.certificate().get(), texts.key().get()));
        }
        return new TlsMaterial(version, texts, trust(files.ca(), texts.ca()), identity);
    }

    private static X509ExtendedTrustManager trust(Path file, String text) throws TlsException {
        try {
            KeyStore authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            for (X509Certificate certificate : Pem.certificates(text)) {
                authorities.setCertificateEntry("ca-" + authorities.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(authorities);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager trust) {
                    return trust;
                }
            }
            throw new IllegalStateException("every JDK has one");
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException(file + ": " + e.getMessage(), e);
        }
    }

    private static Identity identity(TlsFiles files, String certificate, String key) throws TlsException {
        Path certificateFile = files.certificate().orElseThrow();
        Path keyFile = files.key().orElseThrow();
        List<X509Certificate> chain;
        try {
            chain = Pem.certificates(certificate);
        } catch (GeneralSecurityException e) {
            throw new TlsException(certificateFile + ": " + e.getMessage(), e);
        }
        PublicKey publicKey = chain.getFirst().getPublicKey();
        try {
            PrivateKey privateKey = Pem.key(key, publicKey.getAlgorithm());
            if (!belong(publicKey, privateKey)) {
                throw new TlsException(keyFile + ": is not the key of " + certificateFile);
            }
            return new Identity(chain, privateKey);
        } catch (GeneralSecurityException e) {
            throw new TlsException(keyFile + ": " + e.getMessage(), e);
        }
    }

    private static boolean belong(PublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        String algorithm = publicKey.getAlgorithm();
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> algorithm;
                });
        signature.initSign(privateKey);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        return signature.verify(signed);
    }

    private static String readFile(Path file) throws TlsException {
        try {
            if (Files.size(file) > LARGEST_FILE_BYTES) {
                throw new TlsException(file + ": is larger than " + LARGEST_FILE_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new TlsException(file + ": is not there", e);
        } catch (IOException e) {
            throw new TlsException(file + ": can't be read: " + e.getMessage(), e);
        }
    }
}
