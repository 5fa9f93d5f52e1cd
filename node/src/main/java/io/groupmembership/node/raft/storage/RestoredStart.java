package io.groupmembership.node.raft.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.membership.CorruptDataException;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.Restoration;
import io.groupmembership.membership.Snapshot;
import io.groupmembership.node.identity.DurableFile;
import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.raft.DamagedDataException;
import io.groupmembership.protocol.backup.BackupException;
import io.groupmembership.protocol.backup.BackupFrame;
import io.groupmembership.protocol.backup.BackupHeader;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.util.MD5FileUtil;

/**
 * The first start of a founding node of a cluster that begins from a backup: its Raft storage is made of the copy of
 * the backup in its directory. All of them make the same: a snapshot of term 1 at the index where the backup ended, and
 * a log that begins behind it.
 *
 * <p>The vote is written last, and is what makes a storage: a start that was cut short is made again.
 */
final class RestoredStart {
    /** Ratis takes a peer of term 0 for one that has lost its log, and its vote for nothing. */
    private static final long TERM = 1;

    private final NodeIdentity identity;
    private final VolumeIdentity.Restored restored;
    private final Path group;

    RestoredStart(NodeIdentity identity, VolumeIdentity.Restored restored, Path group) {
        this.identity = identity;
        this.restored = restored;
        this.group = group;
    }

    /** Makes the storage; the copy of the backup stays until {@link #finish}. */
    void run() throws IOException {
        Path backup = identity.dataDirectory().resolve(VolumeIdentity.BACKUP_FILE_NAME);
        if (!Files.exists(backup)) {
            throw new IdentityException("the data directory " + identity.dataDirectory() + " is to begin with "
                    + VolumeIdentity.BACKUP_FILE_NAME + ", which is gone: restore the backup into another directory");
        }
        MembershipState state;
        try {
            state = read(backup);
        } catch (BackupException | CorruptDataException e) {
            throw new DamagedDataException(
                    "the backup " + backup + " " + e.getMessage() + ": restore it into another directory", e);
        }
        Path snapshots = group.resolve("sm");
        Path current = group.resolve("current");
        Files.createDirectories(snapshots);
        Files.createDirectories(current);
        Path file = snapshots.resolve(
                SimpleStateMachineStorage.getSnapshotFileName(TERM, Math.max(0, state.appliedIndex())));
        Path draft = file.resolveSibling(file.getFileName() + ".unfinished");
        try (FileOutputStream out = new FileOutputStream(draft.toFile())) {
            BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
            Snapshot.write(state, buffered);
            buffered.flush();
            out.getFD().sync();
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
        DurableFile.syncDirectory(snapshots);
        DurableFile.replace(current.resolve(VoteFile.NAME), VoteFile.withoutVote(TERM));
        DurableFile.syncDirectory(group);
    }

    private MembershipState read(Path backup) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(backup), 1 << 16)) {
            BackupHeader header = new ObjectMapper().readValue(BackupFrame.readHead(in), BackupHeader.class);
            if (!header.snapshotSha256().equals(restored.snapshotSha256())) {
                throw new BackupException("is another one than this cluster begins from");
            }
            ByteArrayOutputStream snapshot = new ByteArrayOutputStream(Math.toIntExact(header.snapshotBytes()));
            BackupFrame.copySnapshot(in, header, snapshot);
            byte[] bytes = snapshot.toByteArray();
            MembershipState state =
                    Snapshot.read(new ByteArrayInputStream(bytes), bytes.length, UUID.fromString(header.clusterId()));
            return Restoration.of(state, identity.clusterId(), restored.recoveryEpoch(), restored.atMillis());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BackupException("can't be restored: " + e.getMessage());
        }
    }

    /** Deletes the copy of the backup: what it had is in the storage. */
    static void finish(NodeIdentity identity) throws IOException {
        Files.deleteIfExists(identity.dataDirectory().resolve(VolumeIdentity.BACKUP_FILE_NAME));
    }
}
