package io.groupmembership.e2e.processes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The files in which a node's Raft server keeps what it must not forget, and ways to damage them.
 *
 * @param data the node's directory
 */
record RaftFiles(Path data, String clusterId) {
    Path directory() {
        return data.resolve("raft");
    }

    private Path group() {
        return directory().resolve(clusterId);
    }

    /** The snapshot with the highest index. */
    Path newestSnapshot() throws IOException {
        return snapshots().getLast();
    }

    /** The oldest first. */
    List<Path> snapshots() throws IOException {
        return list(group().resolve("sm"), "snapshot.*").stream()
                .filter(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                .sorted(Comparator.comparingLong(file -> number(file, "_")))
                .toList();
    }

    /** Log segments that get no more entries, the oldest first. */
    List<Path> closedSegments() throws IOException {
        return list(group().resolve("current"), "log_[0-9]*-[0-9]*").stream()
                .sorted(Comparator.comparingLong(file -> number(file, "-")))
                .toList();
    }

    Path openSegment() throws IOException {
        return list(group().resolve("current"), "log_inprogress_[0-9]*").getLast();
    }

    /** The number behind the last mark. */
    private static long number(Path file, String mark) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(name.lastIndexOf(mark) + 1));
    }

    private static List<Path> list(Path directory, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
                files.forEach(found::add);
            }
        }
        return found;
    }

    static void flipBit(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int old = bytes.read();
            bytes.seek(offset);
            bytes.write(old ^ 0b0000_0100);
        }
    }

    static void write(Path file, long offset, byte[] content) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            bytes.write(content);
        }
    }

    /** Cuts the file in its last entry: segments are made larger than their content, and filled with zeros. */
    static void cutTail(Path segment, int bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.setLength(contentLength(segment) - bytes);
        }
    }

    static long contentLength(Path segment) throws IOException {
        byte[] content = Files.readAllBytes(segment);
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
