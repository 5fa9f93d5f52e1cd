package io.groupmembership.node.monitor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One GET over a connected, non-blocking channel, read as far as its status and no further ("HTTP/1.1 200" is twelve
 * bytes): whatever a server sends, an exchange keeps no more than that.
 */
final class HttpExchange {
    private static final int STATUS_BYTES = "HTTP/1.1 200".length();
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    /** What the exchange needs next, or how it ended. */
    sealed interface Step {
        /** The channel has to take more of the request. */
        record Write() implements Step {}

        /** The channel has to give more of the answer. */
        record Read() implements Step {}

        /** A status from 200 to 399. */
        record Healthy() implements Step {}

        record Failed(String result) implements Step {}
    }

    private final ByteBuffer request;
    private final ByteBuffer status = ByteBuffer.allocate(STATUS_BYTES);

    HttpExchange(ProbeAddress address) {
        String text = "GET " + address.path() + " HTTP/1.1\r\nHost: " + address.authority()
                + "\r\nUser-Agent: groupmembership\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        request = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes and reads what the channel takes and gives now. */
    Step advance(SocketChannel channel) throws IOException {
        while (request.hasRemaining()) {
            if (channel.write(request) == 0) {
                return new Step.Write();
            }
        }
        while (status.hasRemaining()) {
            int bytes = channel.read(status);
            if (bytes == 0) {
                return new Step.Read();
            }
            if (bytes < 0) {
                return new Step.Failed("closed without an answer");
            }
        }
        return judge(new String(status.array(), StandardCharsets.US_ASCII));
    }

    /** What the first twelve characters of an answer say. */
    static Step judge(String start) {
        if (!start.matches("HTTP/1\\.[01] [1-9][0-9]{2}")) {
            return new Step.Failed("not an HTTP answer");
        }
        int code = Integer.parseInt(start.substring(STATUS_AT));
        return code >= 200 && code <= 399 ? new Step.Healthy() : new Step.Failed("status " + code);
    }
}
