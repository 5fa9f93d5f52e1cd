package io.groupmembership.sidecar.member;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lines of output in order, written by a thread of their own: who reads them slowly, or not at all, must not hold up
 * heartbeats, for that would cost the membership. Of more lines than anybody waits for, the oldest are dropped.
 */
public final class OutputLines {
    private static final int MOST_WAITING = 1_000;

    private final PrintStream out;
    private final Deque<String> waiting = new ArrayDeque<>();
    private boolean writing;

    public OutputLines(PrintStream out) {
        this.out = out;
        Thread.ofPlatform().name("output").daemon().stackSize(256 * 1024).start(this::writeAll);
    }

    /** Returns at once. */
    public synchronized void say(String line) {
        if (waiting.size() == MOST_WAITING) {
            waiting.remove();
        }
        waiting.add(line);
        notifyAll();
    }

    /** Waits until every line is written, and for so long at most. */
    public synchronized void awaitWritten(Duration limit) throws InterruptedException {
        long endNanos = System.nanoTime() + limit.toNanos();
        long millis = limit.toMillis();
        while ((writing || !waiting.isEmpty()) && millis > 0) {
            wait(millis);
            millis = (endNanos - System.nanoTime()) / 1_000_000;
        }
    }

    private void writeAll() {
        try {
            while (true) {
                out.println(next());
                out.flush();
                written();
            }
        } catch (InterruptedException e) {
            // nobody interrupts this thread to a purpose
        }
    }

    private synchronized String next() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        writing = true;
        return waiting.remove();
    }

    private synchronized void written() {
        writing = false;
        notifyAll();
    }
}
