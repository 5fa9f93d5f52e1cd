package io.groupmembership.protocol.tls;

import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a client and a server did not come together, in words that say which file or address to look at. */
public final class HandshakeFailure {
    private static final int DEEPEST_CAUSE = 10;

    private HandshakeFailure() {}

    /**
     * Empty where TLS is not what failed.
     *
     * @param failure as a client got it
     * @param authorities the file of CAs that the client trusts
     */
    public static Optional<String> words(Throwable failure, Optional<Path> authorities) {
        boolean tls = false;
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            Optional<String> words = ofCause(cause, authorities);
            if (words.isPresent()) {
                return words;
            }
            tls |= cause instanceof SSLException;
            cause = cause.getCause();
        }
        return tls ? Optional.of("no TLS connection: " + oneLine(failure)) : Optional.empty();
    }

    private static Optional<String> ofCause(Throwable cause, Optional<Path> authorities) {
        String message = oneLine(cause);
        String lower = message.toLowerCase(Locale.ROOT);
        if (cause instanceof CertificateExpiredException) {
            return Optional.of("the server's certificate is no longer good: " + message);
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of("the server's certificate is not good yet: " + message);
        }
        if (cause instanceof CertPathValidatorException invalid && invalid.getCause() != null) {
            return Optional.empty(); // its cause says more
        }
        if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
            return Optional.of("none of the CAs in "
                    + authorities.map(Path::toString).orElse("--ca") + " has signed the server's certificate");
        }
        if (cause instanceof CertificateException
                && (lower.startsWith("no subject alternative") || lower.startsWith("no name matching"))) {
            return Optional.of("the server's certificate is for other names than this address: " + message);
        }
        if (!(cause instanceof SSLException)) {
            return Optional.empty();
        }
        if (lower.contains("unsupported or unrecognized ssl message")) {
            return Optional.of("the server does not speak TLS: does it want http://?");
        }
        if (lower.contains("certificate_required")) {
            return Optional.of("the server demands a certificate: --certificate and --key");
        }
        if (lower.contains("received fatal alert") && (lower.contains("certificate") || lower.contains("unknown_ca"))) {
            return Optional.of("the server does not accept the certificate that was shown to it (" + message + ")");
        }
        if (lower.contains("protocol_version")) {
            return Optional.of("the server does not speak TLS 1.3");
        }
        return Optional.empty();
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
