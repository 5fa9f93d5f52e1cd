package io.groupmembership.cli.certs;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.certificates.Pem;
import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory with a CA and what it has signed.
 *
 * <pre>
 * ca.crt           the CAs to trust, the newest first
 * ca.key           of the one that signs
 * NAME/ca.crt      the same CAs
 * NAME/tls.crt     what NAME shows
 * NAME/tls.key     and its key
 * </pre>
 *
 * <p>Keys are readable by their owner alone, and so are the directories. A change of the CA takes three steps, so that at
 * each moment everybody trusts what everybody shows: {@link #appendAuthority}, then {@link #renew}, then {@link
 * #dropOldAuthorities}; before the next one, those who use the files must have read them.
 */
public record CertificateSet(Path path) {
    private static final String BUNDLE = "ca.crt";
    private static final String AUTHORITY_KEY = "ca.key";
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][-A-Za-z0-9._@:]{0,63}");

    /**
     * One of the certificates.
     *
     * @param name of its directory
     */
    public record Issued(String name, X509Certificate certificate) {
        CertificateRequest request(Duration life) {
            return CertificateRequest.like(certificate, life);
        }
    }

    public boolean isThere() {
        return Files.exists(bundleFile());
    }

    /** The CAs to trust. */
    public Path bundleFile() {
        return path.resolve(BUNDLE);
    }

    /** Where the files of one certificate are, or would be. */
    public Path directory(String name) {
        if (!NAME.matcher(name).matches() || name.equals(BUNDLE) || name.equals(AUTHORITY_KEY)) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "NAME '" + name.replaceAll("\\p{Cntrl}", "?")
                            + "': must be 1 to 64 letters, digits, or '-', '.', '_', '@', ':'"
                            + " after the first, since a directory has this name");
        }
        return path.resolve(name);
    }

    public Path certificateFile(String name) {
        return directory(name).resolve(CERTIFICATE);
    }

    public Path keyFile(String name) {
        return directory(name).resolve(KEY);
    }

    /** Makes the directory and a CA in it; refuses where there is one. */
    public void make(String name, Duration life, Instant now) throws IOException {
        if (isThere() || Files.exists(path.resolve(AUTHORITY_KEY))) {
            throw new CliFailure(
                    ExitCode.CONFLICT, path + " has a CA already: choose another directory, or gm certs renew");
        }
        PrivateFiles.makeDirectory(path);
        KeyedCertificate authority =
                CertificateAuthority.create(name, life, now).keyed();
        // the bundle last: with it the CA is there
        PrivateFiles.writeSecret(path.resolve(AUTHORITY_KEY), authority.keyPem());
        PrivateFiles.write(bundleFile(), authority.certificatePem());
    }

    /**
     * Signs a certificate.
     *
     * @param name of the directory that it goes to, with the CAs and its key
     * @param replace whether it may stand in for one that is there
     */
    public Issued issue(String name, CertificateRequest request, boolean replace, Instant now) throws IOException {
        Path directory = directory(name);
        if (Files.exists(directory) && !replace) {
            throw new CliFailure(
                    ExitCode.CONFLICT,
                    directory + " is there already: gm certs renew " + name + " renews it, --force makes it anew");
        }
        CertificateAuthority authority = authority();
        Instant end = authority.certificate().getNotAfter().toInstant();
        if (!now.isBefore(end)) {
            throw new CliFailure(
                    ExitCode.ERROR, "the CA in " + path + " was good until " + end + ": gm certs renew --new-ca");
        }
        KeyedCertificate issued = authority.issue(request, now);
        PrivateFiles.makeDirectory(directory);
        PrivateFiles.write(directory.resolve(BUNDLE), Files.readString(bundleFile(), StandardCharsets.US_ASCII));
        PrivateFiles.writeSecret(directory.resolve(KEY), issued.keyPem());
        PrivateFiles.write(directory.resolve(CERTIFICATE), issued.certificatePem());
        return new Issued(name, issued.certificate());
    }

    /** What was issued and is still here, by name. */
    public List<Issued> issued() throws IOException {
        List<Path> directories;
        try (Stream<Path> entries = Files.list(path)) {
            directories = entries.filter(entry -> Files.exists(entry.resolve(CERTIFICATE)))
                    .sorted()
                    .toList();
        }
        List<Issued> issued = new ArrayList<>();
        for (Path directory : directories) {
            issued.add(new Issued(
                    directory.getFileName().toString(),
                    certificates(directory.resolve(CERTIFICATE)).getFirst()));
        }
        return issued;
    }

    /** One of them, if it is here. */
    public Optional<Issued> issued(String name) throws IOException {
        Path certificate = certificateFile(name);
        return Files.exists(certificate)
                ? Optional.of(new Issued(name, certificates(certificate).getFirst()))
                : Optional.empty();
    }

    /** Another certificate, with another key, for the same name, groups, hosts and uses. */
    public Issued renew(Issued old, Optional<Duration> life, Instant now) throws IOException {
        CertificateRequest request;
        try {
            request = old.request(life.orElse(CertificateAuthority.lifeOf(old.certificate())));
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.ERROR, certificateFile(old.name()) + ": " + e.getMessage());
        }
        return issue(old.name(), request, true, now);
    }

    /** The CAs to trust, the newest first. */
    public List<X509Certificate> bundle() throws IOException {
        return certificates(bundleFile());
    }

    /** The first step to another CA: it is trusted beside the one that was. What is issued from now on it signs. */
    public X509Certificate appendAuthority(String name, Duration life, Instant now) throws IOException {
        List<X509Certificate> before = bundle();
        if (before.size() > 1) {
            throw new CliFailure(
                    ExitCode.CONFLICT,
                    bundleFile() + " has two CAs already: go on with gm certs renew, then gm certs renew"
                            + " --drop-old-ca");
        }
        KeyedCertificate newest = CertificateAuthority.create(name, life, now).keyed();
        // the key last: a CA that is trusted and signs nothing does no harm
        trust(Stream.concat(Stream.of(newest.certificate()), before.stream()).toList());
        PrivateFiles.writeSecret(path.resolve(AUTHORITY_KEY), newest.keyPem());
        return newest.certificate();
    }

    /** The last step to another CA: those that sign no more are no longer trusted. Returns how many these were. */
    public int dropOldAuthorities() throws IOException {
        CertificateAuthority authority = authority();
        List<String> others = issued().stream()
                .filter(issued -> !authority.signed(issued.certificate()))
                .map(Issued::name)
                .toList();
        if (!others.isEmpty()) {
            throw new CliFailure(
                    ExitCode.CONFLICT,
                    "an old CA signed " + String.join(", ", others)
                            + ": gm certs renew first, and let those who use the files read them");
        }
        int before = bundle().size();
        trust(List.of(authority.certificate()));
        return before - 1;
    }

    private void trust(List<X509Certificate> authorities) throws IOException {
        String text = Pem.certificates(authorities);
        for (Issued each : issued()) {
            PrivateFiles.write(directory(each.name()).resolve(BUNDLE), text);
        }
        PrivateFiles.write(bundleFile(), text);
    }

    /** The CA whose key is here. */
    private CertificateAuthority authority() throws IOException {
        List<X509Certificate> bundle = bundle();
        Path keyFile = path.resolve(AUTHORITY_KEY);
        if (!Files.exists(keyFile)) {
            throw new CliFailure(ExitCode.NOT_FOUND, keyFile + " is missing: without it nothing can be signed");
        }
        String key = Files.readString(keyFile, StandardCharsets.US_ASCII);
        for (X509Certificate certificate : bundle) {
            try {
                return new CertificateAuthority(KeyedCertificate.read(Pem.certificate(certificate), key));
            } catch (GeneralSecurityException e) {
                // the key of another one
            }
        }
        throw new CliFailure(ExitCode.ERROR, keyFile + " can't be read, or is the key of no CA in " + bundleFile());
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new CliFailure(ExitCode.NOT_FOUND, file + " is not there: gm certs init makes a CA");
        }
        try {
            return Pem.readCertificates(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new CliFailure(ExitCode.ERROR, file + ": no certificates in PEM: " + e.getMessage());
        }
    }
}
