package io.groupmembership.node.api;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends bytes that no HTTP client would, and reads what comes back until the connection ends or is quiet. */
public final class RawHttp {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private RawHttp() {}

    /** @param head the request line and headers, lines apart; the connection is asked to close */
    public static String exchange(int port, String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            OutputStream out = socket.getOutputStream();
            String request = head.strip().replace("\n", "\r\n") + "\r\nHost: test\r\nConnection: close\r\n\r\n";
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            try {
                out.write(body);
                out.flush();
            } catch (IOException e) {
                // refused before it was all sent: the answer says why
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public static String exchange(int port, String head) throws IOException {
        return exchange(port, head, new byte[0]);
    }
}
