package io.groupmembership.sidecar.cluster;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.tls.HandshakeFailure;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsException;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * How nodes are called: in plain text, or over TLS 1.3 and to the host alone that the certificate names; and by what they
 * know this agent. Files that have changed are read again.
 */
public final class NodeTransport {
    /** In plain text, without a name. */
    public static final NodeTransport PLAIN = new NodeTransport(Optional.empty(), Optional.empty(), Optional.empty());

    private static final int LARGEST_TOKEN_BYTES = 16 * 1024;

    private final Optional<SSLContext> context;
    private final Optional<Path> authorities;
    private final Optional<Path> tokenFile;

    private NodeTransport(Optional<SSLContext> context, Optional<Path> authorities, Optional<Path> tokenFile) {
        this.context = context;
        this.authorities = authorities;
        this.tokenFile = tokenFile;
    }

    /**
     * @param files whom to trust and what to show; empty for plain text
     * @param tokenFile read at each request, and sent as a bearer token
     * @param onFailure hears of changed files that can't be used; those that were read before stay in use
     * @throws TlsException where the files can't be used
     */
    public static NodeTransport of(Optional<TlsFiles> files, Optional<Path> tokenFile, Consumer<TlsException> onFailure)
            throws TlsException {
        if (files.isEmpty()) {
            return new NodeTransport(Optional.empty(), Optional.empty(), tokenFile);
        }
        SSLContext context = ReloadingTls.of(files.get(), onFailure).sslContext();
        return new NodeTransport(Optional.of(context), Optional.of(files.get().ca()), tokenFile);
    }

    /** The base URL of a node, for people. */
    String url(HostPort node) {
        return (context.isPresent() ? "https://" : "http://") + node;
    }

    /** The connection as requests are to be written to it, the handshake done. */
    Socket secured(Socket connected, HostPort node) throws IOException {
        if (context.isEmpty()) {
            return connected;
        }
        SSLSocket socket =
                (SSLSocket) context.get().getSocketFactory().createSocket(connected, node.host(), node.port(), true);
        SSLParameters parameters = ReloadingTls.limited(socket.getSSLParameters());
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            throw explained(e);
        }
        return socket;
    }

    /** The failure in words, where there are better ones than its own. */
    IOException explained(IOException e) {
        if (context.isEmpty()) {
            return e;
        }
        return HandshakeFailure.words(e, authorities)
                .map(words -> new IOException(words, e))
                .orElse(e);
    }

    /** The header line by which this agent is known, from the file as it is now. */
    Optional<String> authorization() throws IOException {
        if (tokenFile.isEmpty()) {
            return Optional.empty();
        }
        Path file = tokenFile.get();
        String token;
        try {
            token = Files.size(file) > LARGEST_TOKEN_BYTES
                    ? ""
                    : Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new IOException("the token file " + file + " can't be read", e);
        }
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IOException("the token file " + file + " must have one line of printable ASCII, 16 KiB at most");
        }
        return Optional.of("Authorization: Bearer " + token);
    }
}
