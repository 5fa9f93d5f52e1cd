package io.groupmembership.sidecar.member;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The wish to end, made once and for all, with the time that is left to do so. It ends a {@link #pause} at once, and
 * closes what a thread is reading without end.
 */
public final class StopRequest {
    private final CountDownLatch requested = new CountDownLatch(1);
    private volatile long deadlineNanos;
    private @Nullable Closeable endless;

    /** Asks to end within a limit. Only the first request counts. */
    public void request(Duration limit) {
        Closeable reading;
        synchronized (this) {
            if (isRequested()) {
                return;
            }
            deadlineNanos = System.nanoTime() + limit.toNanos();
            requested.countDown();
            reading = endless;
        }
        closeQuietly(reading);
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** What is left of the limit, negative when it is over. Meaningless before the request. */
    public Duration remaining() {
        return Duration.ofNanos(deadlineNanos - System.nanoTime());
    }

    /** Waits, and returns whether the request came before the time was over. */
    public boolean pause(Duration time) {
        try {
            return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** From now on a request closes this too; at once, where it was made already. */
    public void closes(Closeable reading) {
        boolean late;
        synchronized (this) {
            endless = reading;
            late = isRequested();
        }
        if (late) {
            closeQuietly(reading);
        }
    }

    private static void closeQuietly(@Nullable Closeable reading) {
        if (reading == null) {
            return;
        }
        try {
            reading.close();
        } catch (IOException e) {
            // a connection that can't be closed is a connection that is closed
        }
    }
}
