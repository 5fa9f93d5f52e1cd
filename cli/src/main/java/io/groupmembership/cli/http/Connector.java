package io.groupmembership.cli.http;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsException;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to servers: by whose signature they are known, and what this caller is known by. Over TLS 1.3 only,
 * and to the host alone that the certificate names. The files are read again where they have changed.
 *
 * <p>For every thread.
 */
public final class Connector {
    /** Without TLS and without a name. */
    public static final Connector PLAIN = new Connector(Optional.empty(), Optional.empty(), Optional.empty());

    private final Optional<TlsFiles> files;
    private final Optional<String> serverName;
    private final Optional<Supplier<String>> token;
    private @Nullable SSLContext context;

    /**
     * @param files whom to trust, and what to show; without them no server is called over TLS
     * @param serverName what certificates have to name, where that is not the host of the server's URL
     * @param token asked at each request, and sent as a bearer token
     */
    public Connector(Optional<TlsFiles> files, Optional<String> serverName, Optional<Supplier<String>> token) {
        this.files = files;
        this.serverName = serverName;
        this.token = token;
    }

    /** The base URL of a server that is known by its place only: over TLS where it is known whom to trust. */
    public URI url(HostPort place) {
        return URI.create(scheme() + "://" + place);
    }

    String scheme() {
        return files.isPresent() ? "https" : "http";
    }

    /** What is said first of a connection that failed, where there is more to say than that nobody answered. */
    public Optional<String> problem(URI server, IOException failure) {
        return ConnectionProblem.of(server, files, failure);
    }

    /** A connection that nothing was sent on. */
    public HttpURLConnection open(URI server, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(server + path).toURL().openConnection(Proxy.NO_PROXY);
        if (connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(
                    new LimitedSockets(context().getSocketFactory(), serverName, ReloadingTls.PROTOCOL));
        }
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        authorization().ifPresent(value -> connection.setRequestProperty("Authorization", value));
        return connection;
    }

    /** A connected socket, the handshake done where the server's URL says https. */
    public Socket socket(URI server, Duration connectLimit, Duration readLimit) throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) readLimit.toMillis());
            socket.connect(new InetSocketAddress(host(server), port(server)), (int) connectLimit.toMillis());
            if (!isTls(server)) {
                return socket;
            }
            SSLSocket tls = (SSLSocket) context()
                    .getSocketFactory()
                    .createSocket(socket, serverName.orElseGet(() -> host(server)), port(server), true);
            SSLParameters parameters = ReloadingTls.limited(tls.getSSLParameters());
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return tls;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** The value of the header. */
    public Optional<String> authorization() {
        return token.map(text -> "Bearer " + text.get());
    }

    public static boolean isTls(URI server) {
        return "https".equals(server.getScheme());
    }

    /** Of a server's URL, which has one; an IPv6 address without its brackets. */
    static String host(URI server) {
        String host = Optional.ofNullable(server.getHost()).orElse("");
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    static int port(URI server) {
        return server.getPort() >= 0 ? server.getPort() : isTls(server) ? 443 : 80;
    }

    private synchronized SSLContext context() {
        if (context == null) {
            TlsFiles known = files.orElseThrow(() -> new CliFailure(
                    ExitCode.USAGE, "a server is called over TLS: --ca FILE (or GM_CA) says whom to trust"));
            try {
                context = ReloadingTls.of(known).sslContext();
            } catch (TlsException e) {
                throw new CliFailure(ExitCode.ERROR, String.valueOf(e.getMessage()));
            }
        }
        return context;
    }
}
