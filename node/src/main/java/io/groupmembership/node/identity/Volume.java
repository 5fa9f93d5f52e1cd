package io.groupmembership.node.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the volume of a node says of itself, where no cluster file does: JSON in {@value #FILE_NAME}.
 *
 * <p>An empty volume is given a peer id that was never used before. So a node that lost its volume comes back as
 * another peer, which has no vote until the cluster admits it; a peer never forgets its votes and lives on.
 *
 * @param format 1
 * @param peerId the nodeId, a dot, and a UUID that was drawn for this volume
 * @param formation null until the volume is of a cluster
 * @param recovery null unless the volume was ever told to go on alone
 */
public record Volume(
        int format,
        String nodeId,
        String peerId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Formation formation,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Recovery recovery) {
    public static final String FILE_NAME = "volume.json";
    static final int FORMAT = 1;

    /** What a file system or an unfinished write of ours leaves in a volume that is empty all the same. */
    private static final Set<String> NOTHING = Set.of("lost+found", FILE_NAME + DurableFile.DRAFT);

    /**
     * Reads the file, or makes it where the volume is empty.
     *
     * @throws IdentityException where the volume is another node's, or has data but no such file
     */
    public static Volume open(Path dataDirectory, String nodeId) {
        Path file = dataDirectory.resolve(FILE_NAME);
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(dataDirectory);
                refuseLeftovers(dataDirectory);
                Volume drawn = new Volume(FORMAT, nodeId, nodeId + "." + UUID.randomUUID(), null, null);
                drawn.write(dataDirectory);
                return drawn;
            }
            Volume volume = new ObjectMapper().readValue(file.toFile(), Volume.class);
            if (volume.format != FORMAT) {
                throw new IdentityException("the data directory " + dataDirectory + " has format " + volume.format
                        + ", and this node reads format " + FORMAT);
            }
            if (!volume.nodeId.equals(nodeId)) {
                throw new IdentityException("the data directory " + dataDirectory + " is that of " + volume.nodeId
                        + ", and this node is " + nodeId + ": point the node at its own data directory");
            }
            return volume;
        } catch (IOException e) {
            throw new IdentityException("the volume identity " + file + " can't be read or made: " + e.getMessage());
        }
    }

    private static void refuseLeftovers(Path dataDirectory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dataDirectory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!NOTHING.contains(name)) {
                    throw new IdentityException("the data directory " + dataDirectory + " has " + name + " but no "
                            + FILE_NAME + ": it is damaged or not a node's. Restore it, or empty it; an empty one"
                            + " comes back as a new peer");
                }
            }
        }
    }

    public Optional<Formation> formed() {
        return Optional.ofNullable(formation);
    }

    /** Makes this volume one of a cluster, for good: it is on the disk when this returns. */
    public Volume form(Formation wanted, Path dataDirectory) throws IOException {
        return written(wanted, null, dataDirectory);
    }

    public Optional<Recovery> lastRecovery() {
        return Optional.ofNullable(recovery);
    }

    /** A recovery that was decided on and has not taken effect. */
    public Optional<Recovery> dueRecovery() {
        return lastRecovery()
                .filter(decided -> formed().filter(now -> now.recoveryEpoch() < decided.recoveryEpoch())
                        .isPresent());
    }

    /** Decides that this volume goes on alone from its next start: that is on the disk when this returns. */
    public Volume recover(Recovery decided, Path dataDirectory) throws IOException {
        return written(formation, decided, dataDirectory);
    }

    /** Lets the recovery that is due take effect: that is on the disk when this returns. */
    public Volume recovered(Path dataDirectory) throws IOException {
        Formation before = formed().orElseThrow();
        Formation after = new Formation(
                before.clusterId(),
                before.clusterName(),
                dueRecovery().orElseThrow().recoveryEpoch(),
                true,
                before.minimumPeers());
        return written(after, recovery, dataDirectory);
    }

    private Volume written(@Nullable Formation now, @Nullable Recovery decided, Path dataDirectory) throws IOException {
        Volume volume = new Volume(format, nodeId, peerId, now, decided);
        volume.write(dataDirectory);
        return volume;
    }

    private void write(Path dataDirectory) throws IOException {
        DurableFile.replace(
                dataDirectory.resolve(FILE_NAME),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }
}
