package io.groupmembership.sidecar.cluster;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A socket that is read under a limit for all reads together, also by the TLS that is laid over it: a peer that sends
 * its records byte by byte wins no time by it.
 */
final class LimitedSocket extends Socket {
    private long deadlineNanos;
    private int eachReadMillis;

    LimitedSocket() {
        super(Proxy.NO_PROXY);
    }

    void limitAll(Duration limit) {
        deadlineNanos = System.nanoTime() + limit.toNanos();
    }

    /** From here on the limit is per read, and none for the whole. */
    void limitEachRead(Duration limit) {
        eachReadMillis = (int) limit.toMillis();
    }

    long remainingMillis() {
        return (deadlineNanos - System.nanoTime()) / 1_000_000;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new LimitedInput(super.getInputStream());
    }

    /** The connection's bytes, under the limit that holds when a read begins. */
    private final class LimitedInput extends FilterInputStream {
        LimitedInput(InputStream in) {
            super(in);
        }

        private void limit() throws IOException {
            long limit = eachReadMillis > 0 ? eachReadMillis : remainingMillis();
            if (limit <= 0) {
                throw new SocketTimeoutException("no whole answer within the time limit");
            }
            setSoTimeout((int) Math.min(limit, Integer.MAX_VALUE));
        }

        @Override
        public int read() throws IOException {
            limit();
            return super.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            limit();
            return super.read(into, offset, length);
        }
    }
}
