package io.groupmembership.node.raft;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A copy of a node's directory, its files, and what can happen to them. */
record VolumeCopy(Path data) {
    private static final int NOTED_INDEX = 24;
    private static final int NOTE_BYTES = 512;

    /** Puts a copy of a directory, whose files may be in use, in the place of another. */
    static VolumeCopy of(Path from, Path to) throws IOException {
        delete(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return new VolumeCopy(to);
    }

    static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The index up to which the node has noted its log. */
    long noted() throws IOException {
        ByteBuffer notes = ByteBuffer.wrap(Files.readAllBytes(file("raft.reached")));
        return Math.max(notes.getLong(NOTED_INDEX), notes.getLong(NOTE_BYTES + NOTED_INDEX));
    }

    // ---- files

    /** The file whose name matches; of several, the last by the number at the end of its name. */
    Path file(String pattern) throws IOException {
        return files(pattern).getLast();
    }

    List<Path> files(String pattern) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted(Comparator.comparingLong(VolumeCopy::number))
                    .toList();
        }
    }

    private static long number(Path file) {
        String digits = file.getFileName().toString().replaceAll("\\.md5$", "").replaceAll(".*?(\\d*)$", "$1");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    Path openSegment() throws IOException {
        return file("log_inprogress_\\d+");
    }

    // ---- damage

    static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int old = bytes.read();
            bytes.seek(offset);
            bytes.write(old ^ 0b0000_0100);
        }
    }

    static void flipMiddle(Path file) throws IOException {
        flip(file, content(file) / 2);
    }

    static void truncate(Path file, long length) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(length);
        }
    }

    static void halve(Path file) throws IOException {
        truncate(file, content(file) / 2);
    }

    /** What a disk shows that had given out the space and not yet written into it. */
    static void zeroFrom(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] zeros = new byte[(int) (bytes.length() - offset)];
            bytes.seek(offset);
            bytes.write(zeros);
        }
    }

    static void zeroSecondHalf(Path file) throws IOException {
        zeroFrom(file, content(file) / 2);
    }

    static void write(Path file, long offset, byte... content) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            bytes.write(content);
        }
    }

    /** The length without the zeros at the end. */
    static long content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
