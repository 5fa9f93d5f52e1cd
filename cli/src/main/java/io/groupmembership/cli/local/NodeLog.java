package io.groupmembership.cli.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The file that a node prints to. It is set aside when it has grown, once; the one set aside before is dropped. */
final class NodeLog {
    static final long LARGEST_BYTES = 8L * 1024 * 1024;

    /** What a node's own words begin with. */
    private static final String OWN_WORDS = "gm-node: ";

    private static final int TAIL_BYTES = 8 * 1024;

    private NodeLog() {}

    /** Makes room before a start. */
    static void prepare(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (Files.exists(file) && Files.size(file) > LARGEST_BYTES) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The last line that begins with {@code gm-node: } near the end of the file, else the last line. */
    static String lastWord(Path file) {
        List<String> lines;
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(TAIL_BYTES, log.length())];
            log.seek(log.length() - tail.length);
            log.readFully(tail);
            lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            return "no log at " + file;
        }
        return lines.reversed().stream()
                .filter(line -> line.startsWith(OWN_WORDS))
                .findFirst()
                .or(() -> lines.reversed().stream()
                        .filter(line -> !line.isBlank())
                        .findFirst())
                .orElse("it said nothing");
    }
}
