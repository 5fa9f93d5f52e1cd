package io.groupmembership.sidecar.member;

import java.io.PrintStream;
import java.time.Duration;

/** One line per error, and of errors that repeat themselves one line in ten seconds. */
public final class ErrorLines {
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintStream err;
    private boolean spoken;
    private long lastNanos;

    public ErrorLines(PrintStream err) {
        this.err = err;
    }

    /** An error that is told once and for all. */
    public synchronized void say(String text) {
        err.println("gm join: " + text);
        err.flush();
    }

    /** An error that may come again and again while it lasts. */
    public synchronized void sayAtTimes(String text) {
        long now = System.nanoTime();
        if (!spoken || now - lastNanos >= QUIET_NANOS) {
            spoken = true;
            lastNanos = now;
            say(text);
        }
    }

    /** What an exception means, in a few words and on one line. */
    public static String describe(Exception e) {
        String message = e.getMessage();
        String text = message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
        String prefix = e instanceof java.net.UnknownHostException ? "unknown host " : "";
        return prefix + text.replaceAll("\\p{Cntrl}+", " ");
    }
}
