package io.groupmembership.cli.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sockets that speak some versions of TLS only, and may expect another name in a certificate than the URL has:
 * HttpsURLConnection can be told by nothing but its factory.
 */
final class LimitedSockets extends SSLSocketFactory {
    private final SSLSocketFactory sockets;
    private final Optional<String> name;
    private final String[] protocols;

    LimitedSockets(SSLSocketFactory sockets, Optional<String> name, String... protocols) {
        this.sockets = sockets;
        this.name = name;
        this.protocols = protocols.clone();
    }

    private Socket limited(Socket socket) {
        ((SSLSocket) socket).setEnabledProtocols(protocols);
        return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
        if (name.isPresent()) {
            // fails in the way after which the caller connects one of its own, and has it wrapped by the method below
            return super.createSocket();
        }
        return limited(sockets.createSocket());
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return limited(sockets.createSocket(socket, name.orElse(host), port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return limited(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return limited(sockets.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return limited(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return limited(sockets.createSocket(address, port, localAddress, localPort));
    }
}
