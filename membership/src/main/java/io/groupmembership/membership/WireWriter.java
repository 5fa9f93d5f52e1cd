package io.groupmembership.membership;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes numbers, strings and byte arrays, big endian, into memory or through a buffer into a stream.
 *
 * <p>Sizes and counts are unsigned and of variable length (seven bits a byte, low bits first).
 */
final class WireWriter {
    private static final int STREAM_BUFFER_BYTES = 64 * 1024;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] buffer;
    private int length;
    private final @Nullable OutputStream stream;

    /** Writes into memory; see {@link #toByteArray}. */
    WireWriter(int expectedBytes) {
        this.buffer = new byte[Math.max(16, expectedBytes)];
        this.stream = null;
    }

    /** Writes to the stream; {@link #flush} must be called at the end. */
    WireWriter(OutputStream stream) {
        this.buffer = new byte[STREAM_BUFFER_BYTES];
        this.stream = stream;
    }

    WireWriter putByte(int value) {
        reserve(1);
        buffer[length++] = (byte) value;
        return this;
    }

    WireWriter putBoolean(boolean value) {
        return putByte(value ? 1 : 0);
    }

    WireWriter putLong(long value) {
        reserve(8);
        LONG.set(buffer, length, value);
        length += 8;
        return this;
    }

    WireWriter putSize(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("a size can't be negative: " + value);
        }
        reserve(5);
        int rest = value;
        while (rest > 0x7F) {
            buffer[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[length++] = (byte) rest;
        return this;
    }

    /** Writes a size that its reader takes: what is larger than {@code most} must not get into a log. */
    WireWriter putSize(int value, int most) {
        if (value > most) {
            throw new IllegalArgumentException("a size of " + value + " where " + most + " is the most");
        }
        return putSize(value);
    }

    WireWriter putBytes(byte[] bytes, int most) {
        putSize(bytes.length, most);
        return putRaw(bytes, 0, bytes.length);
    }

    /** Writes a text that its reader takes, of at most so many bytes in UTF-8. */
    WireWriter putString(String text, int mostBytes) {
        return putBytes(text.getBytes(StandardCharsets.UTF_8), mostBytes);
    }

    WireWriter putBytes(byte[] bytes) {
        putSize(bytes.length);
        return putRaw(bytes, 0, bytes.length);
    }

    WireWriter putRaw(byte[] bytes, int offset, int count) {
        if (stream != null && count > buffer.length) {
            flush();
            writeThrough(stream, bytes, offset, count);
            return this;
        }
        reserve(count);
        System.arraycopy(bytes, offset, buffer, length, count);
        length += count;
        return this;
    }

    WireWriter putString(String text) {
        return putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toByteArray() {
        return Arrays.copyOf(buffer, length);
    }

    void flush() {
        if (stream != null) {
            writeThrough(stream, buffer, 0, length);
            length = 0;
        }
    }

    private void reserve(int bytes) {
        if (buffer.length - length >= bytes) {
            return;
        }
        if (stream != null) {
            flush();
        } else {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + bytes));
        }
    }

    private static void writeThrough(OutputStream stream, byte[] bytes, int offset, int count) {
        try {
            stream.write(bytes, offset, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
