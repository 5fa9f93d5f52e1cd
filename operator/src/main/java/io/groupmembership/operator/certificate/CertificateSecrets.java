package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.certificates.Pem;
import io.groupmembership.crds.ApiGroup;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the CA and the certificate lie in Secrets. The CA's key has a Secret of its own, which no pod mounts; the other one has
 * the keys that everybody knows: {@code tls.crt}, {@code tls.key}, {@code ca.crt}.
 *
 * @param authorityName the Secret with the CA's key
 * @param servingName the Secret with the certificate that the CA signed
 */
record CertificateSecrets(String authorityName, String servingName) {
    static final CertificateSecrets WEBHOOK =
            new CertificateSecrets("groupmembership-webhook-ca", "groupmembership-webhook-tls");

    static final String TRUSTED_SINCE_ANNOTATION = ApiGroup.NAME + "/trusted-since";

    private static final String AUTHORITY_CERTIFICATE = "ca.crt";
    private static final String AUTHORITY_KEY = "ca.key";
    private static final String PREVIOUS = "previous.crt";
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";

    Stored<Authority> authority(Optional<Secret> secret) {
        if (secret.isEmpty()) {
            return new Stored.Absent<>();
        }
        try {
            KeyedCertificate newest = pair(secret.get(), AUTHORITY_CERTIFICATE, AUTHORITY_KEY);
            List<X509Certificate> previous = text(secret.get(), PREVIOUS).isEmpty()
                    ? List.of()
                    : Pem.readCertificates(text(secret.get(), PREVIOUS));
            return new Stored.Present<>(new Authority(newest, previous, trustedSince(secret.get())));
        } catch (GeneralSecurityException e) {
            return new Stored.Unreadable<>(authorityName + ": " + e.getMessage());
        }
    }

    Stored<Serving> serving(Optional<Secret> secret) {
        if (secret.isEmpty()) {
            return new Stored.Absent<>();
        }
        try {
            KeyedCertificate certificate = pair(secret.get(), CERTIFICATE, KEY);
            return new Stored.Present<>(new Serving(certificate, bundle(secret.get())));
        } catch (GeneralSecurityException e) {
            return new Stored.Unreadable<>(servingName + ": " + e.getMessage());
        }
    }

    /** @param before the Secret as it was read, whose version the result carries */
    Secret write(Optional<Secret> before, Authority authority) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put(
                AUTHORITY_CERTIFICATE,
                encoded(Pem.certificates(List.of(authority.newest().certificate()))));
        data.put(AUTHORITY_KEY, encoded(Pem.key(authority.newest().key())));
        if (!authority.previous().isEmpty()) {
            data.put(PREVIOUS, encoded(Pem.certificates(authority.previous())));
        }
        SecretBuilder secret = builder(before, authorityName, "Opaque").withData(data);
        secret.editMetadata().removeFromAnnotations(TRUSTED_SINCE_ANNOTATION).endMetadata();
        authority
                .trustedSince()
                .ifPresent(since -> secret.editMetadata()
                        .addToAnnotations(TRUSTED_SINCE_ANNOTATION, since.toString())
                        .endMetadata());
        return secret.build();
    }

    /** @param before the Secret as it was read, whose version the result carries */
    Secret write(Optional<Secret> before, Serving serving) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put(
                CERTIFICATE,
                encoded(Pem.certificates(List.of(serving.certificate().certificate()))));
        data.put(KEY, encoded(Pem.key(serving.certificate().key())));
        data.put(AUTHORITY_CERTIFICATE, encoded(Pem.certificates(serving.bundle())));
        return builder(before, servingName, "kubernetes.io/tls").withData(data).build();
    }

    private static SecretBuilder builder(Optional<Secret> before, String name, String type) {
        SecretBuilder secret = before.map(SecretBuilder::new)
                .orElseGet(() -> new SecretBuilder()
                        .withType(type)
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata());
        return secret.editMetadata()
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .endMetadata();
    }

    private static KeyedCertificate pair(Secret secret, String certificateKey, String keyKey)
            throws GeneralSecurityException {
        try {
            return KeyedCertificate.read(text(secret, certificateKey), text(secret, keyKey));
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(certificateKey + ", " + keyKey + ": " + e.getMessage(), e);
        }
    }

    /** A bundle that can't be read is as good as none: it is written anew. */
    private static List<X509Certificate> bundle(Secret secret) {
        try {
            return Pem.readCertificates(text(secret, AUTHORITY_CERTIFICATE));
        } catch (GeneralSecurityException e) {
            return List.of();
        }
    }

    private static Optional<Instant> trustedSince(Secret secret) {
        Map<String, String> annotations = secret.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(TRUSTED_SINCE_ANNOTATION);
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String text(Secret secret, String key) throws GeneralSecurityException {
        @Nullable String value = secret.getData() == null ? null : secret.getData().get(key);
        try {
            return value == null ? "" : new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException(key + " is not in Base64", e);
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
