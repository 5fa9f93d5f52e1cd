package io.groupmembership.sidecar.cluster;

import io.groupmembership.protocol.HostPort;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 exchange on a connection of its own (RFC 9112), with a limit for the whole of it, whatever the other
 * side does.
 *
 * <p>The clients that come with Java are not used here: HttpURLConnection limits single reads only, repeats a POST by
 * itself, and can't be closed while another thread reads from it; java.net.http costs an agent threads and memory.
 */
public final class HttpCall implements Closeable {
    private static final int MOST_HEADERS = 100;
    private static final int MOST_LINE_BYTES = 8 * 1024;

    private final HostPort node;
    private final NodeTransport transport;
    private final LimitedSocket socket = new LimitedSocket();
    private final Map<String, String> headers = new HashMap<>();
    private int status;
    private InputStream body = InputStream.nullInputStream();

    /** In plain text. */
    public HttpCall(HostPort node) {
        this(node, NodeTransport.PLAIN);
    }

    HttpCall(HostPort node, NodeTransport transport) {
        this.node = node;
        this.transport = transport;
    }

    public HostPort node() {
        return node;
    }

    /** Whether the node may have heard anything of this call. */
    public boolean wasConnected() {
        return socket.isConnected();
    }

    /**
     * Connects, sends, and reads the answer's head.
     *
     * @param connectLimit for the connection alone
     * @param limit for everything up to the last byte of the body, see {@link #limitEachRead}
     */
    public void send(NodeRequest request, Duration connectLimit, Duration limit) throws IOException {
        socket.limitAll(limit);
        byte[] bytes = requestBytes(request);
        InetAddress[] addresses = InetAddress.getAllByName(node.host());
        if (addresses.length == 0) {
            throw new UnknownHostException(node.host());
        }
        InetAddress address = addresses[ThreadLocalRandom.current().nextInt(addresses.length)];
        int connectMillis = (int) Math.min(connectLimit.toMillis(), Math.max(1, socket.remainingMillis()));
        socket.connect(new InetSocketAddress(address, node.port()), connectMillis);
        socket.setTcpNoDelay(true);
        Socket secured = transport.secured(socket, node);
        // a request is smaller than the socket's send buffer: writing it waits for nobody
        secured.getOutputStream().write(bytes);
        InputStream in = new BufferedInputStream(secured.getInputStream());
        try {
            do {
                readHead(in);
            } while (status >= 100 && status < 200);
        } catch (IOException e) {
            throw transport.explained(e);
        }
        body = bodyOf(in);
    }

    private byte[] requestBytes(NodeRequest request) throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(node).append("\r\nConnection: close\r\n");
        transport.authorization().ifPresent(header -> head.append(header).append("\r\n"));
        for (String header : request.headers()) {
            head.append(header).append("\r\n");
        }
        String text = request.body();
        byte[] payload = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        if (text != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(payload.length)
                    .append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(payload);
        return bytes.toByteArray();
    }

    private void readHead(InputStream in) throws IOException {
        headers.clear();
        String line = readLine(in);
        boolean shape = line.startsWith("HTTP/1.") && line.length() >= 12 && line.charAt(8) == ' ';
        if (!shape) {
            throw new IOException("no HTTP/1.1 answer");
        }
        try {
            status = Integer.parseInt(line, 9, 12, 10);
        } catch (NumberFormatException e) {
            throw new IOException("no HTTP/1.1 status", e);
        }
        for (String header = readLine(in); !header.isEmpty(); header = readLine(in)) {
            int colon = header.indexOf(':');
            if (colon <= 0 || headers.size() == MOST_HEADERS) {
                throw new IOException("unreadable HTTP headers");
            }
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
    }

    private InputStream bodyOf(InputStream in) throws IOException {
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        String encoding = headers.get("transfer-encoding");
        if (encoding != null) {
            if (!encoding.equalsIgnoreCase("chunked")) {
                throw new IOException("unknown transfer encoding");
            }
            return new ChunkedBody(in);
        }
        String length = headers.get("content-length");
        return length == null ? in : new FixedBody(in, parseLength(length));
    }

    private static long parseLength(String text) throws IOException {
        try {
            long length = Long.parseLong(text);
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new IOException("unreadable Content-Length", e);
        }
        throw new IOException("negative Content-Length");
    }

    static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended");
            }
            if (line.length() == MOST_LINE_BYTES) {
                throw new IOException("a line of the HTTP head is too long");
            }
            line.append((char) b);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    /** From here on the limit is per read, and none for the whole: for a stream that shows signs of life. */
    public void limitEachRead(Duration limit) {
        socket.limitEachRead(limit);
    }

    public int status() {
        return status;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The Retry-After header where it is a number of seconds. */
    public Optional<Duration> retryAfter() {
        @Nullable String text = headers.get("retry-after");
        boolean digits = text != null
                && !text.isEmpty()
                && text.length() <= 6
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return text != null && digits ? Optional.of(Duration.ofSeconds(Integer.parseInt(text))) : Optional.empty();
    }

    /** The answer's body as it arrives. */
    public InputStream body() {
        return body;
    }

    /** The whole body. Throws where it is larger than the bound. */
    public byte[] bodyOfAtMost(int bytes) throws IOException {
        byte[] read = body.readNBytes(bytes + 1);
        if (read.length > bytes) {
            throw new IOException("an answer of more than " + bytes + " bytes");
        }
        return read;
    }

    /** Ends the exchange, from any thread, also while another one reads: without the farewell of TLS, which may wait. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
