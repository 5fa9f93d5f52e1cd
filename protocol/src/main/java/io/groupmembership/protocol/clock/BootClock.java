package io.groupmembership.protocol.clock;

import java.util.Locale;
import java.util.Optional;

/**
 * Nanoseconds since this machine was started, the time that it was suspended included: a member that slept through
 * its lease must know so when it wakes up, and {@link System#nanoTime} of Linux does not tell.
 *
 * <p>The first of these that works, for the life of the process:
 * <ol>
 *   <li>CLOCK_BOOTTIME, where Java may call native code ({@code --enable-native-access}): 28 ns, no garbage
 *       ({@link System#nanoTime} took 24 ns there).
 *   <li>/proc/uptime, the same clock in hundredths of a second, some microseconds a reading.
 *   <li>{@link System#nanoTime}, on systems with neither: whether it counts suspension is the system's to say.
 * </ol>
 *
 * <p>Readings of the first two, in all processes of a machine, are of one clock and may be compared; a container in a
 * time namespace of its own is the exception.
 */
public final class BootClock implements LeaseClock {
    /** Which clock is read. */
    public enum Source {
        BOOTTIME(true),
        UPTIME(true),
        NANO_TIME(false);

        private final boolean shared;

        Source(boolean shared) {
            this.shared = shared;
        }

        /** Whether readings may be compared with those of other processes, and count suspension. */
        public boolean isShared() {
            return shared;
        }

        /** The same of a word that another process says its clock is. */
        public static boolean isShared(String word) {
            for (Source source : values()) {
                if (source.word().equals(word)) {
                    return source.shared;
                }
            }
            return false;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Chosen at the first use. */
    private static final class Chosen {
        static final BootClock CLOCK = choose();
    }

    private final Source source;
    private final LeaseClock clock;

    private BootClock(Source source, LeaseClock clock) {
        this.source = source;
        this.clock = clock;
    }

    /** The clock of this process. */
    public static BootClock system() {
        return Chosen.CLOCK;
    }

    private static BootClock choose() {
        Optional<LeaseClock> boottime = NativeBootTime.open();
        if (boottime.isPresent()) {
            return new BootClock(Source.BOOTTIME, boottime.get());
        }
        Optional<LeaseClock> uptime = UptimeFile.open();
        if (uptime.isPresent()) {
            return new BootClock(Source.UPTIME, uptime.get());
        }
        return new BootClock(Source.NANO_TIME, System::nanoTime);
    }

    public Source source() {
        return source;
    }

    @Override
    public long nanos() {
        return clock.nanos();
    }

    @Override
    public void sleepUntil(long endNanos) throws InterruptedException {
        clock.sleepUntil(endNanos);
    }
}
