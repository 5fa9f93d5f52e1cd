package io.groupmembership.cli.http;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** By whose signature servers are known, and what this caller is known by. */
public final class TlsOptions {
    /** Of these in a command's help. */
    public static final String HEADING = "%nOver TLS, and as whom:%n";

    private static final int LARGEST_TOKEN_BYTES = 16 * 1024;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "The CAs that servers must be signed by (PEM). Default: $GM_CA, else that of gm up.")
    private Optional<Path> ca = Optional.empty();

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "What this caller is known by (PEM). Default: $GM_CERTIFICATE, else that of gm up.")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", description = "Its key (PEM, PKCS #8). Default: $GM_KEY.")
    private Optional<Path> key = Optional.empty();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A bearer token, read at each request. Default: $GM_TOKEN_FILE.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description = "What the servers' certificates must name, where that is not the host of the URL.")
    private Optional<String> serverName = Optional.empty();

    /**
     * How servers are to be called.
     *
     * @param local what a cluster that was found on this machine is called with, if one was: it fills in what nobody
     *     has said
     */
    public Connector connector(Invocation invocation, Optional<TlsFiles> local) {
        Optional<Path> token = given(invocation, tokenFile, "GM_TOKEN_FILE");
        Optional<Path> shown = given(invocation, certificate, "GM_CERTIFICATE");
        Optional<Path> itsKey = given(invocation, key, "GM_KEY");
        if (shown.isPresent() != itsKey.isPresent()) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    shown.isPresent()
                            ? "--key: is missing beside --certificate"
                            : "--certificate: is missing beside --key");
        }
        Optional<Path> trusted = given(invocation, ca, "GM_CA").or(() -> local.map(TlsFiles::ca));
        if (trusted.isEmpty() && shown.isPresent()) {
            throw new CliFailure(ExitCode.USAGE, "--ca: is missing beside --certificate");
        }
        boolean itself = shown.isPresent() || token.isPresent();
        Optional<TlsFiles> files = trusted.map(file -> itself
                ? new TlsFiles(file, shown, itsKey)
                : new TlsFiles(file, local.flatMap(TlsFiles::certificate), local.flatMap(TlsFiles::key)));
        return new Connector(files, serverName, token.map(file -> () -> read(file)));
    }

    /** From the file as it is now. */
    private static String read(Path file) {
        try {
            String token = Files.size(file) > LARGEST_TOKEN_BYTES
                    ? ""
                    : Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new CliFailure(
                        ExitCode.ERROR,
                        "--token-file: " + file + " must have one line of printable ASCII, 16 KiB at most");
            }
            return token;
        } catch (IOException e) {
            throw new CliFailure(ExitCode.ERROR, "--token-file: " + file + " can't be read: " + e.getMessage());
        }
    }

    /** Whether the command line has any of them. */
    boolean isGiven() {
        return ca.isPresent()
                || certificate.isPresent()
                || key.isPresent()
                || tokenFile.isPresent()
                || serverName.isPresent();
    }

    private static Optional<Path> given(Invocation invocation, Optional<Path> option, String variable) {
        return option.or(() -> invocation.variable(variable).map(Path::of));
    }
}
