package io.groupmembership.node.tls;

import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsException;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Somebody who calls a port of a node, and sees whether he is let in. */
public final class TlsProbe {
    private static final int LIMIT_MILLIS = 10_000;
    private static final byte[] HTTP =
            "GET /v1/raft HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final SSLContext context;

    private TlsProbe(SSLContext context) {
        this.context = context;
    }

    /** Who shows what is in a directory. */
    public static TlsProbe of(Path directory) {
        try {
            return new TlsProbe(ReloadingTls.of(TlsFiles.in(directory)).sslContext());
        } catch (TlsException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Calls a port of HTTP/2, which speaks first once it has let somebody in.
     *
     * @return whose certificate the node showed
     * @throws IOException where the caller is refused
     */
    public X509Certificate http2(int port) throws IOException {
        return call(port, ReloadingTls.PROTOCOL, "h2", new byte[0]);
    }

    /** Calls a port of HTTP/1.1, as {@link #http2} does. */
    public X509Certificate http(int port) throws IOException {
        return call(port, ReloadingTls.PROTOCOL, "http/1.1", HTTP);
    }

    /** Calls with an older version of TLS alone. */
    public X509Certificate older(int port) throws IOException {
        return call(port, "TLSv1.2", "h2", new byte[0]);
    }

    private X509Certificate call(int port, String protocol, String application, byte[] request) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(LIMIT_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {protocol});
            parameters.setApplicationProtocols(new String[] {application});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write(request);
            // a client that is refused hears of it after its own handshake
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the node ended the connection");
            }
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** What a node answers to HTTP in plain text; empty where it ends the connection. */
    public static String plainText(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write(HTTP);
            byte[] answer = socket.getInputStream().readAllBytes();
            // an alert of TLS is no answer
            return new String(answer, StandardCharsets.US_ASCII).startsWith("HTTP/") ? "HTTP" : "";
        }
    }
}
