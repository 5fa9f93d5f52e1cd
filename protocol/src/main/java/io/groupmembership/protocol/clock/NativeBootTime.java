package io.groupmembership.protocol.clock;

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
final class NativeBootTime {
    private static final int CLOCK_BOOTTIME = 7;
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

    /** Empty on other systems, and where native access is not enabled: then the runtime would warn, or refuse. */
    static Optional<LeaseClock> open() {
        boolean possible = System.getProperty("os.name").equals("Linux")
                && ValueLayout.ADDRESS.byteSize() == Long.BYTES
                && NativeBootTime.class.getModule().isNativeAccessEnabled();
        if (!possible) {
            return Optional.empty();
        }
        try {
            read();
            return Optional.of(NativeBootTime::read);
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static long read() {
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
}
