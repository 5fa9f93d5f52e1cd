package io.groupmembership.cli.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes that are no children of ours: asks, waits with a limit, then kills. */
final class ProcessEnd {
    private ProcessEnd() {}

    /** Returns how many had to be killed. */
    static int stop(List<ProcessHandle> processes, Duration limit) {
        processes.forEach(ProcessHandle::destroy);
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        int killed = 0;
        for (ProcessHandle process : processes) {
            if (!await(process, Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())))) {
                process.destroyForcibly();
                killed++;
            }
        }
        return killed;
    }

    /** Whether the process has ended within the limit. */
    static boolean await(ProcessHandle process, Duration limit) {
        try {
            process.onExit().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
