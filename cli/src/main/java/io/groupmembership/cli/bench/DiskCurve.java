package io.groupmembership.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How much the directory of each node holds, over the changes that were made meanwhile. */
final class DiskCurve {
    private static final int COLUMNS = 60;
    private static final int ROWS = 10;
    private static final double MEBIBYTE = 1024.0 * 1024;

    private final List<Sample> samples = new ArrayList<>();

    /** @param bytes of each node's directory */
    record Sample(double seconds, long changes, List<Long> bytes) {
        long most() {
            return bytes.stream().mapToLong(Long::longValue).max().orElse(0);
        }
    }

    synchronized void add(Sample sample) {
        samples.add(sample);
    }

    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** The bytes of all files below a directory; files may come and go meanwhile. */
    static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(DiskCurve::size).sum();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return bytes(directory);
            }
            throw e.getCause();
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0; // it went
        }
    }

    /** A line for each sample: seconds, changes, the bytes of each node. */
    List<String> csv(List<String> nodeIds) {
        List<String> lines = new ArrayList<>();
        lines.add("seconds,changes," + String.join(",", nodeIds));
        for (Sample sample : samples()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%.1f,%d,%s",
                    sample.seconds(),
                    sample.changes(),
                    sample.bytes().stream().map(String::valueOf).collect(Collectors.joining(","))));
        }
        return lines;
    }

    /** The largest directory of each moment, drawn over the changes. */
    List<String> plot() {
        List<Sample> all = samples();
        double[] columns = new double[COLUMNS];
        long changes = Math.max(1, all.isEmpty() ? 1 : all.getLast().changes());
        for (Sample sample : all) {
            int column = (int) Math.min(COLUMNS - 1, sample.changes() * COLUMNS / changes);
            columns[column] = Math.max(columns[column], sample.most() / MEBIBYTE);
        }
        for (int column = 1; column < COLUMNS; column++) {
            // between two samples it is what it was at the first
            columns[column] = columns[column] > 0 ? columns[column] : columns[column - 1];
        }
        double top = Math.max(1, Arrays.stream(columns).max().orElse(1));
        List<String> lines = new ArrayList<>();
        for (int row = ROWS; row > 0; row--) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%6.0f MiB |", top * row / ROWS));
            for (double column : columns) {
                line.append(column > top * (row - 1) / ROWS ? '#' : ' ');
            }
            lines.add(line.toString().stripTrailing());
        }
        lines.add(" ".repeat(11) + "+" + "-".repeat(COLUMNS));
        lines.add(" ".repeat(12) + "0" + String.format(Locale.ROOT, "%" + (COLUMNS - 1) + "s", changes + " changes"));
        return lines;
    }
}
