package io.groupmembership.cli.backup;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.backup.BackupException;
import io.groupmembership.protocol.backup.BackupFrame;
import io.groupmembership.protocol.backup.BackupHeader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A backup on this machine. */
final class BackupFile {
    private BackupFile() {}

    /**
     * Reads a file through, every byte of it.
     *
     * @throws CliFailure where it is not a backup that is whole
     */
    static BackupHeader verify(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            BackupHeader header = header(BackupFrame.readHead(in));
            BackupFrame.copySnapshot(in, header, OutputStream.nullOutputStream());
            return header;
        } catch (NoSuchFileException e) {
            throw new CliFailure(ExitCode.NOT_FOUND, file + " does not exist");
        } catch (BackupException e) {
            throw new CliFailure(ExitCode.ERROR, file + " " + e.getMessage());
        }
    }

    private static BackupHeader header(String json) throws BackupException {
        try {
            return Json.readFile(json.getBytes(StandardCharsets.UTF_8), BackupHeader.class);
        } catch (IOException e) {
            throw new BackupException("has a header that can't be read: a newer node wrote it");
        }
    }

    /** One line for people. */
    static String words(BackupHeader header) {
        return String.format(
                Locale.ROOT,
                "cluster %s (%s), recovery epoch %d, log entry %d, taken %s from %s: %s, %s, %s, %.1f KiB",
                header.clusterName(),
                header.clusterId(),
                header.recoveryEpoch(),
                header.logIndex(),
                Instant.ofEpochMilli(header.takenAtMillis()).truncatedTo(ChronoUnit.SECONDS),
                header.nodeId(),
                count(header.groups(), "group"),
                count(header.members(), "member"),
                count(header.keys(), "key"),
                header.snapshotBytes() / 1024.0);
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
