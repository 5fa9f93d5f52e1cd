package io.groupmembership.protocol.clock;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The first number of /proc/uptime: CLOCK_BOOTTIME in hundredths of a second. It is cut off there, so a hundredth is
 * added: who asks whether a lease still runs must not hear of a moment that is past.
 */
final class UptimeFile implements LeaseClock {
    static final long TICK_NANOS = 10_000_000;

    private static final String PATH = "/proc/uptime";
    private static final int MOST_BYTES = 64;

    /** Not a channel: an interrupt of the thread that reads would close it for all. */
    private final RandomAccessFile file;

    private final byte[] text = new byte[MOST_BYTES];

    private UptimeFile(RandomAccessFile file) {
        this.file = file;
    }

    /** Empty where there is no such file, or it says something else. */
    static Optional<LeaseClock> open() {
        try {
            UptimeFile uptime = new UptimeFile(new RandomAccessFile(PATH, "r"));
            uptime.nanos();
            return Optional.of(uptime);
        } catch (IOException | IllegalStateException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized long nanos() {
        try {
            file.seek(0);
            int length = file.read(text, 0, text.length);
            return parse(text, length) + TICK_NANOS;
        } catch (IOException e) {
            throw new UncheckedIOException(PATH, e);
        }
    }

    /** @throws IllegalStateException where the text does not begin with seconds, a point and two digits */
    static long parse(byte[] text, int length) {
        long hundredths = 0;
        int at = 0;
        for (; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
            hundredths = hundredths * 10 + (text[at] - '0');
        }
        boolean shape = at > 0
                && at + 3 < length
                && text[at] == '.'
                && isDigit(text[at + 1])
                && isDigit(text[at + 2])
                && text[at + 3] == ' ';
        if (!shape) {
            throw new IllegalStateException(PATH + " has another form than known");
        }
        hundredths = hundredths * 100 + (text[at + 1] - '0') * 10L + (text[at + 2] - '0');
        return hundredths * TICK_NANOS;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }
}
