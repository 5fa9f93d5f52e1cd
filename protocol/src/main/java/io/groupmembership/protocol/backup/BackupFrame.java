package io.groupmembership.protocol.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The form of a backup: three lines of text, and a snapshot.
 *
 * <pre>
 * gm-backup 1
 * {"clusterId":…}             {@link BackupHeader} as JSON, in one line
 * 3f0a…                       SHA-256 of both lines
 * the snapshot                as many bytes as the header says, with the SHA-256 that it says
 * </pre>
 *
 * So every byte is covered, and {@code head -2} shows what a file is.
 */
public final class BackupFrame {
    private static final String NAME = "gm-backup ";
    private static final int FORMAT = 1;
    private static final int LINE_BYTES = 4_096;
    private static final int BUFFER_BYTES = 1 << 16;

    private BackupFrame() {}

    /** What stands before the snapshot. */
    public static byte[] head(byte[] headerJson) {
        String lines = NAME + FORMAT + "\n" + new String(headerJson, StandardCharsets.UTF_8) + "\n";
        return (lines + sha256(lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what stands before the snapshot, and leaves the stream there.
     *
     * @return the header as JSON
     * @throws BackupException where it is no backup, one of another format, or damaged
     */
    public static String readHead(InputStream in) throws IOException {
        String first = line(in);
        if (!first.startsWith(NAME)) {
            throw new BackupException("is no backup: it does not begin with '" + NAME + FORMAT + "'");
        }
        if (!first.equals(NAME + FORMAT)) {
            throw new BackupException(
                    "has the format '" + printable(first) + "', and this program reads '" + NAME + FORMAT + "'");
        }
        String json = line(in);
        if (!line(in).equals(sha256(first + "\n" + json + "\n"))) {
            throw new BackupException("is damaged: the checksum of its header does not match");
        }
        return json;
    }

    /**
     * Copies the snapshot, to the end of the stream.
     *
     * @throws BackupException where it is not what the header says; what was copied is not to be used then
     */
    public static void copySnapshot(InputStream in, BackupHeader header, OutputStream out) throws IOException {
        MessageDigest digest = newSha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long copied = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            copied += read;
            if (copied > header.snapshotBytes()) {
                throw new BackupException("is damaged: it goes on behind its end");
            }
            digest.update(buffer, 0, read);
            out.write(buffer, 0, read);
        }
        if (copied < header.snapshotBytes()) {
            throw new BackupException(
                    "is cut off: " + (header.snapshotBytes() - copied) + " bytes of its snapshot are missing");
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(header.snapshotSha256())) {
            throw new BackupException("is damaged: the checksum of its snapshot does not match");
        }
    }

    private static String line(InputStream in) throws IOException {
        byte[] line = new byte[LINE_BYTES];
        int length = 0;
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || length == LINE_BYTES) {
                throw new BackupException("is no backup, or is cut off in its header");
            }
            line[length++] = (byte) next;
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), 40)).replaceAll("[^ -~]", "?");
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(newSha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
