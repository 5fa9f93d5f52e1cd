package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What all clients called and were answered, in a file, and what it comes to. For every thread. */
final class History implements AutoCloseable {
    private static final ObjectMapper JSON =
            new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_DEFAULT);

    private final Path file;
    private final BufferedWriter out;
    private long operations;
    private long unknown;
    private long acknowledgedNanos = System.nanoTime();
    private long longestNanos;

    History(Path file) throws IOException {
        this.file = file;
        this.out = Files.newBufferedWriter(file);
    }

    synchronized void add(Operation operation) throws IOException {
        out.write(JSON.writeValueAsString(operation));
        out.newLine();
        operations++;
        if (operation.isUnknown()) {
            unknown++;
        } else if (!operation.isRead()) {
            longestNanos = Math.max(longestNanos, System.nanoTime() - acknowledgedNanos);
            acknowledgedNanos = System.nanoTime();
        }
    }

    Path file() {
        return file;
    }

    synchronized long operations() {
        return operations;
    }

    synchronized long unknown() {
        return unknown;
    }

    /** The longest time in which no write of anybody was acknowledged. */
    synchronized Duration longestWithoutAWrite() {
        return Duration.ofNanos(longestNanos);
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
