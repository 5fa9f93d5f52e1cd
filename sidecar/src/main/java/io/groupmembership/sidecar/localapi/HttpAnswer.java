package io.groupmembership.sidecar.localapi;

import io.groupmembership.protocol.api.Problem;
import io.groupmembership.sidecar.cluster.ClusterJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One answer over HTTP/1.1: whole, or in chunks as they come, of which the last says that it was all. Every write is
 * one packet where it can be.
 */
final class HttpAnswer {
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final StringBuilder headers = new StringBuilder();
    private boolean inChunks;

    HttpAnswer(OutputStream out) {
        this.out = out;
    }

    /** Adds a header to the answer. Its value must not come from a client. */
    HttpAnswer with(String name, String value) {
        headers.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    void send(int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        with("Cache-Control", "no-store").with("Content-Length", Integer.toString(body.length));
        out.write(joined(head(status, type), body, body.length, ""));
    }

    void refuse(int status, String code, String detail) throws IOException {
        send(status, "application/problem+json", ClusterJson.object(json -> {
            json.writeStringField("type", Problem.TYPE_PREFIX + code);
            json.writeStringField("title", code.replace('-', ' '));
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
        }));
    }

    /** Begins an answer in chunks. */
    void begin(int status, String type) throws IOException {
        inChunks = true;
        with("Transfer-Encoding", "chunked");
        out.write(head(status, type));
    }

    /** Sends the first {@code count} bytes, at least one. */
    void chunk(byte[] bytes, int count) throws IOException {
        byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        out.write(joined(size, bytes, count, "\r\n"));
    }

    /** Says that this was all. */
    void end() throws IOException {
        if (inChunks) {
            out.write(LAST_CHUNK);
        }
    }

    private byte[] head(int status, String type) {
        String head =
                "HTTP/1.1 " + status + " \r\nContent-Type: " + type + "\r\nConnection: close\r\n" + headers + "\r\n";
        return head.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[] first, byte[] second, int secondLength, String last) {
        byte[] end = last.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[first.length + secondLength + end.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, secondLength);
        System.arraycopy(end, 0, all, first.length + secondLength, end.length);
        return all;
    }
}
