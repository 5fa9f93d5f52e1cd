package io.groupmembership.cli.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process as a file remembers it: its id, and when it began, because ids are given out again.
 *
 * @param startedAtMillis since 1970
 */
public record ProcessMark(long pid, long startedAtMillis) {
    /** Systems derive the start from ticks since their boot, and their idea of the boot's time moves a little. */
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    public static ProcessMark of(ProcessHandle process) {
        return new ProcessMark(
                process.pid(),
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    /** The process, if it still runs and is the same one. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame);
    }

    /** One that has ended but was not yet collected by its parent still has an id and a start, but no program. */
    private boolean isSame(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        return info.command().isPresent()
                && info.startInstant()
                        .map(start -> Math.abs(start.toEpochMilli() - startedAtMillis) <= TOLERANCE.toMillis())
                        .orElse(false);
    }
}
