package io.groupmembership.sidecar.cluster;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body whose length the head has told. An earlier end of the connection is an error. */
final class FixedBody extends InputStream {
    private final InputStream in;
    private long remainingBytes;

    FixedBody(InputStream in, long bytes) {
        this.in = in;
        this.remainingBytes = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (remainingBytes == 0) {
            return -1;
        }
        int count = in.read(into, offset, (int) Math.min(length, remainingBytes));
        if (count < 0) {
            throw new EOFException("the connection ended within the body");
        }
        remainingBytes -= count;
        return count;
    }
}
