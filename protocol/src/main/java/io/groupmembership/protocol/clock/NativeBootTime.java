package io.groupmembership.protocol.clock;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * {@code clock_gettime(CLOCK_BOOTTIME)} of a 64-bit Linux. It is answered without a system call and never waits, so the
 * call goes without the transitions that longer ones need, and writes to an array of the calling thread.
 */
final class NativeBootTime implements LeaseClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final int INTERRUPTED_CALL = 4;
    private static final long NANOS_OF_SECOND = 1_000_000_000;

    /** The array as Java and as C see it: {@code struct timespec} is two numbers of 64 bits. */
    private static final class Timespec {
        final long[] fields = new long[2];
        final MemorySegment segment = MemorySegment.ofArray(fields);
    }

    /** Linked at the first use; constants, so that a call is compiled into its caller. */
    private static final class Linked {
        static final MethodHandle CLOCK_GETTIME = link();
        static final ThreadLocal<Timespec> TIMESPEC = ThreadLocal.withInitial(Timespec::new);

        @SuppressWarnings("restricted")
        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("clock_gettime"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                    Linker.Option.critical(true));
        }
    }

    private NativeBootTime() {}

    /** {@code clock_nanosleep}, which waits, and so goes with the transitions, and with memory that stays where it is. */
    private static final class LinkedSleep {
        private static final int TIMER_ABSTIME = 1;
        static final MethodHandle CLOCK_NANOSLEEP = link();

        @SuppressWarnings("restricted")
        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("clock_nanosleep"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS));
        }
    }

    /** Empty on other systems, and where native access is not enabled: then the runtime would warn, or refuse. */
    static Optional<LeaseClock> open() {
        boolean possible = System.getProperty("os.name").equals("Linux")
                && ValueLayout.ADDRESS.byteSize() == Long.BYTES
                && NativeBootTime.class.getModule().isNativeAccessEnabled();
        if (!possible) {
            return Optional.empty();
        }
        try {
            LeaseClock clock = new NativeBootTime();
            clock.nanos();
            return Optional.of(clock);
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    @Override
    public long nanos() {
        Timespec timespec = Linked.TIMESPEC.get();
        int result;
        try {
            result = (int) Linked.CLOCK_GETTIME.invokeExact(CLOCK_BOOTTIME, timespec.segment);
        } catch (Throwable e) {
            throw new IllegalStateException("clock_gettime can't be called", e);
        }
        if (result != 0) {
            throw new IllegalStateException("this system has no CLOCK_BOOTTIME");
        }
        return timespec.fields[0] * NANOS_OF_SECOND + timespec.fields[1];
    }

    /** Wakes up at that moment, or as soon as the machine does if it is suspended then. An interrupt does not end it. */
    @Override
    public void sleepUntil(long endNanos) throws InterruptedException {
        if (!slept(endNanos)) {
            LeaseClock.super.sleepUntil(endNanos);
        }
    }

    /** False where the system has no such sleep, or does not allow it: returning at once again and again would spin. */
    private static boolean slept(long endNanos) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment end = arena.allocate(2L * Long.BYTES, Long.BYTES);
            end.set(ValueLayout.JAVA_LONG, 0, endNanos / NANOS_OF_SECOND);
            end.set(ValueLayout.JAVA_LONG, Long.BYTES, endNanos % NANOS_OF_SECOND);
            int result = (int) LinkedSleep.CLOCK_NANOSLEEP.invokeExact(
                    CLOCK_BOOTTIME, LinkedSleep.TIMER_ABSTIME, end, MemorySegment.NULL);
            return result == 0 || result == INTERRUPTED_CALL;
        } catch (Throwable e) {
            throw new IllegalStateException("clock_nanosleep can't be called", e);
        }
    }
}
