package io.groupmembership.cli.backup;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.http.Answer;
import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.protocol.backup.BackupHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fetches a backup from the first node that gives one. It is written beside its place, read by its owner alone, flushed,
 * checked, and then renamed: a file with the name that was asked for is whole.
 */
final class BackupDownload {
    private static final int CONNECT_MILLIS = 2_000;
    private static final String DRAFT = ".part";

    private final Connector connector;
    private final List<URI> nodes;
    private final Duration limit;

    /**
     * @param nodes the URLs of their admin ports
     * @param limit for the silence of a node
     */
    BackupDownload(Connector connector, List<URI> nodes, Duration limit) {
        this.connector = connector;
        this.nodes = nodes;
        this.limit = limit;
    }

    BackupHeader to(Path file) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + DRAFT);
        try {
            BackupHeader header = fetch(draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory =
                    FileChannel.open(file.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
                directory.force(true);
            }
            return header;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private BackupHeader fetch(Path draft) throws IOException {
        CliFailure why = null;
        for (URI node : nodes) {
            HttpURLConnection connection = open(node);
            int status;
            try {
                status = connection.getResponseCode();
            } catch (IOException e) {
                why = why == null ? unreachable(node, e) : why;
                continue;
            }
            if (status != 200) {
                why = Refusal.of(new Answer(node, status, connection.getHeaderFields(), errorBody(connection)));
                if (status < 429) {
                    throw why; // another node would say the same
                }
                continue;
            }
            write(connection, draft);
            return BackupFile.verify(draft);
        }
        throw why == null ? new CliFailure(ExitCode.USAGE, "no node to ask") : why;
    }

    private CliFailure unreachable(URI node, IOException e) {
        Optional<String> problem = connector.problem(node, e);
        if (problem.isPresent()) {
            return new CliFailure(ExitCode.ERROR, problem.get());
        }
        return new CliFailure(
                ExitCode.UNAVAILABLE,
                "no node answers at "
                        + String.join(", ", nodes.stream().map(URI::toString).toList()) + " (" + e.getMessage()
                        + "): is the cluster up, and is that its admin port?");
    }

    private HttpURLConnection open(URI node) throws IOException {
        HttpURLConnection connection = connector.open(node, "/v1/backup");
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout((int) Math.min(limit.toMillis(), Integer.MAX_VALUE));
        return connection;
    }

    private static byte[] errorBody(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            return body == null ? new byte[0] : body.readNBytes(1 << 16);
        }
    }

    private static void write(HttpURLConnection connection, Path draft) throws IOException {
        Files.deleteIfExists(draft);
        try (InputStream body = connection.getInputStream();
                FileChannel channel = FileChannel.open(
                        draft,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            OutputStream out = Channels.newOutputStream(channel);
            body.transferTo(out);
            channel.force(true);
        }
    }
}
