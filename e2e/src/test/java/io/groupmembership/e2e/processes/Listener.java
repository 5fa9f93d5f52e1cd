package io.groupmembership.e2e.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A plain program that listens on a TCP port and knows nothing of groups. */
final class Listener implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());

    Listener() throws IOException {
        Thread.ofVirtual().name("listener").start(this::acceptAll);
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try (Socket accepted = server.accept()) {
                accepted.setSoLinger(true, 0);
            } catch (IOException e) {
                // the other side was faster, or this one is closed
            }
        }
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
