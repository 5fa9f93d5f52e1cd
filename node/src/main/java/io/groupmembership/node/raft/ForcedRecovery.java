package io.groupmembership.node.raft;

import io.groupmembership.node.identity.DurableFile;
import io.groupmembership.node.identity.Formation;
import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.identity.Recovery;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.node.raft.storage.RaftVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;

/**
 * Makes a volume that shall recover its cluster ready for it, before Raft starts: its log becomes that of another Raft
 * group, whose only peer it is. Peers that come back from before are of the old group, and can disturb nobody.
 *
 * <p>The configuration is put behind the log's last entry, where Ratis looks first ({@code raft-meta.conf}; a
 * configuration in the log counts only where its index is higher). Each step can be repeated, so a process that dies
 * in between does it again.
 */
public final class ForcedRecovery {
    private static final String CONFIGURATION_FILE = "raft-meta.conf";

    private ForcedRecovery() {}

    /**
     * Does what is due, if anything is.
     *
     * @param identity of a volume
     * @return the volume as it is then
     * @throws IdentityException where the volume can't be changed
     */
    public static Volume finish(NodeIdentity identity) {
        Volume volume = identity.volume().orElseThrow();
        Optional<Recovery> due = volume.dueRecovery();
        if (due.isEmpty()) {
            return volume;
        }
        try {
            Path storage = RaftSettings.storage(identity);
            Path before = storage.resolve(identity.groupId().toString());
            Path after = storage.resolve(
                    Formation.groupId(identity.clusterId(), due.get().recoveryEpoch())
                            .toString());
            if (Files.exists(before)) {
                Files.move(before, after, StandardCopyOption.ATOMIC_MOVE);
                DurableFile.syncDirectory(storage);
            }
            writeConfiguration(after.resolve("current"), identity, due.get().lastIndex() + 1);
            RaftVolume.noteConfiguration(identity.dataDirectory(), after.resolve("current"));
            return volume.recovered(identity.dataDirectory());
        } catch (IOException e) {
            throw new IdentityException("the recovery of the volume " + identity.dataDirectory()
                    + " can't be finished (" + e.getMessage() + "): mend that, and start the node again");
        }
    }

    private static void writeConfiguration(Path current, NodeIdentity identity, long index) throws IOException {
        LogEntryProto alone = LogEntryProto.newBuilder()
                .setIndex(index)
                .setConfigurationEntry(RaftConfigurationProto.newBuilder()
                        .addPeers(PeerNames.peer(identity.self()).getRaftPeerProto().toBuilder()
                                .setStartupRole(RaftPeerRole.FOLLOWER)))
                .build();
        DurableFile.replace(current.resolve(CONFIGURATION_FILE), alone.toByteArray());
    }
}
