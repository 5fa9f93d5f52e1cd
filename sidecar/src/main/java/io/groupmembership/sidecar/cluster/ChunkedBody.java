package io.groupmembership.sidecar.cluster;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body in chunks (RFC 9112, section 7.1): each has its size in hexadecimal on a line of its own, and a size of 0
 * ends the body. Extensions and trailers are skipped.
 */
final class ChunkedBody extends InputStream {
    private static final int MOST_SIZE_DIGITS = 15;

    private final InputStream in;
    private long remainingBytes;
    private boolean begun;
    private boolean ended;

    ChunkedBody(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (remainingBytes == 0 && !nextChunk()) {
            return -1;
        }
        int count = in.read(into, offset, (int) Math.min(length, remainingBytes));
        if (count < 0) {
            throw new EOFException("the connection ended within a chunk");
        }
        remainingBytes -= count;
        return count;
    }

    private boolean nextChunk() throws IOException {
        if (ended) {
            return false;
        }
        if (begun && !HttpCall.readLine(in).isEmpty()) {
            throw new IOException("a chunk is longer than it said");
        }
        begun = true;
        remainingBytes = parseSize(HttpCall.readLine(in));
        if (remainingBytes == 0) {
            ended = true;
            while (!HttpCall.readLine(in).isEmpty()) {
                // a trailer
            }
        }
        return !ended;
    }

    private static long parseSize(String line) throws IOException {
        int extension = line.indexOf(';');
        String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (digits.isEmpty() || digits.length() > MOST_SIZE_DIGITS) {
            throw new IOException("unreadable chunk size");
        }
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 16);
            if (digit < 0) {
                throw new IOException("unreadable chunk size");
            }
            size = size << 4 | digit;
        }
        return size;
    }
}
