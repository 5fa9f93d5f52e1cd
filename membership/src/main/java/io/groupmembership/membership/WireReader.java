package io.groupmembership.membership;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link WireWriter} wrote. Never trusts a size: one that is larger than the caller's bound, or than what is
 * left in memory, is a {@link CorruptDataException} before anything is allocated for it.
 */
final class WireReader {
    private static final int STREAM_BUFFER_BYTES = 64 * 1024;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] buffer;
    private int position;
    private int limit;
    private final @Nullable InputStream stream;

    WireReader(byte[] bytes) {
        this.buffer = bytes;
        this.limit = bytes.length;
        this.stream = null;
    }

    WireReader(InputStream stream) {
        this.buffer = new byte[STREAM_BUFFER_BYTES];
        this.stream = stream;
    }

    int getByte() {
        need(1);
        return buffer[position++] & 0xFF;
    }

    boolean getBoolean() {
        int value = getByte();
        if (value > 1) {
            throw new CorruptDataException("not a boolean: " + value);
        }
        return value == 1;
    }

    long getLong() {
        need(8);
        long value = (long) LONG.get(buffer, position);
        position += 8;
        return value;
    }

    /** Reads a size of at most {@code most}. */
    int getSize(int most) {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = getByte();
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    throw new CorruptDataException("a size of more bytes than it needs");
                }
                if (value > most) {
                    throw new CorruptDataException("a size of " + value + " where " + most + " is the most");
                }
                return (int) value;
            }
        }
        throw new CorruptDataException("a size that does not end");
    }

    byte[] getBytes(int most) {
        int count = getSize(most);
        if (stream == null && count > limit - position) {
            throw new CorruptDataException("the data ends within a value of " + count + " bytes");
        }
        byte[] bytes = new byte[count];
        int done = 0;
        while (done < count) {
            need(1);
            int step = Math.min(count - done, limit - position);
            System.arraycopy(buffer, position, bytes, done, step);
            position += step;
            done += step;
        }
        return bytes;
    }

    /** Passes over what {@link #getBytes} would read from memory. */
    void skipBytes(int most) {
        int count = getSize(most);
        if (count > limit - position) {
            throw new CorruptDataException("the data ends within a value of " + count + " bytes");
        }
        position += count;
    }

    String getString(int mostBytes) {
        return new String(getBytes(mostBytes), StandardCharsets.UTF_8);
    }

    /** Says whether every byte has been read. */
    boolean atEnd() {
        return position == limit && (stream == null || !refill());
    }

    private void need(int bytes) {
        if (limit - position >= bytes) {
            return;
        }
        if (stream != null) {
            while (limit - position < bytes && refill()) {
                // until there is enough
            }
        }
        if (limit - position < bytes) {
            throw new CorruptDataException("the data ends too early");
        }
    }

    private boolean refill() {
        InputStream in = stream;
        if (in == null) {
            return false;
        }
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        try {
            int count = in.read(buffer, limit, buffer.length - limit);
            if (count <= 0) {
                return false;
            }
            limit += count;
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
