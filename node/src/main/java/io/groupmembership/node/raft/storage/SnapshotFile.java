package io.groupmembership.node.raft.storage;

import io.groupmembership.membership.CorruptDataException;
import io.groupmembership.membership.Snapshot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot on the volume, with the file beside it in which Ratis keeps its MD5. Ratis takes a file without one for
 * unfinished, and forgets all snapshots where one of those files can't be read.
 */
record SnapshotFile(Path file, long term, long index) {
    static final String DAMAGED = ".damaged";

    private static final Pattern NAME = Pattern.compile("snapshot\\.(\\d+)_(\\d+)");
    private static final Pattern LEFTOVER = Pattern.compile("snapshot\\..*\\.(unfinished|tmp)");

    /** The newest first. */
    static List<SnapshotFile> all(Path directory) throws IOException {
        List<SnapshotFile> found = new ArrayList<>();
        for (Path file : files(directory)) {
            Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
            if (name.matches()) {
                found.add(new SnapshotFile(file, Long.parseLong(name.group(1)), Long.parseLong(name.group(2))));
            }
        }
        found.sort(Comparator.comparingLong(SnapshotFile::index).reversed());
        return found;
    }

    /** Deletes what a process that died in the middle of a snapshot left. */
    static void deleteLeftovers(Path directory) throws IOException {
        for (Path file : files(directory)) {
            if (LEFTOVER.matcher(String.valueOf(file.getFileName())).matches()) {
                Files.delete(file);
            }
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                stream.forEach(files::add);
            }
        }
        return files;
    }

    /** What is wrong with the file, in words that follow its name. */
    Optional<String> flaw() throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            Snapshot.verify(in, Files.size(file));
            return Optional.empty();
        } catch (CorruptDataException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Writes the MD5 anew where it is missing or wrong. To be called where the snapshot's own checksum is right. */
    void mendDigest() throws IOException {
        MD5Hash sum = MD5FileUtil.computeMd5ForFile(file.toFile());
        if (!sum.equals(storedDigest())) {
            MD5FileUtil.saveMD5File(file.toFile(), sum);
        }
    }

    private @Nullable MD5Hash storedDigest() {
        try {
            return MD5FileUtil.readStoredMd5ForFile(file.toFile());
        } catch (IOException | IllegalArgumentException e) {
            return null; // not that of anything
        }
    }

    /** Takes the file out of the way; one that was put there before goes. */
    void putAside() throws IOException {
        Path directory = file.resolveSibling(".");
        for (Path other : files(directory)) {
            if (String.valueOf(other.getFileName()).endsWith(DAMAGED)) {
                Files.delete(other);
            }
        }
        Files.move(file, file.resolveSibling(file.getFileName() + DAMAGED));
        Files.deleteIfExists(MD5FileUtil.getDigestFileForFile(file.toFile()).toPath());
    }
}
