package io.groupmembership.node.identity;

import io.groupmembership.membership.MembershipState;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Which cluster a volume is of, once that is settled; see {@link io.groupmembership.protocol.api.FormRequest}.
 *
 * @param clusterId a UUID
 * @param recoveryEpoch how many times the cluster was recovered by force
 * @param founder whether the Raft group began with this peer alone; the others begin with no peers and are admitted
 */
public record Formation(String clusterId, String clusterName, long recoveryEpoch, boolean founder, int minimumPeers) {
    static final int MAX_RECOVERY_EPOCH = MembershipState.MAX_RECOVERY_EPOCH;

    public Formation {
        if (!UUID.fromString(clusterId).toString().equals(clusterId)) {
            throw new IllegalArgumentException("clusterId must be a UUID in lower case");
        }
    }

    /** The id of the Raft group: another one in each recovery epoch, so that peers of two epochs never meet. */
    public static UUID groupId(UUID clusterId, long recoveryEpoch) {
        return recoveryEpoch == 0
                ? clusterId
                : UUID.nameUUIDFromBytes((clusterId + "/" + recoveryEpoch).getBytes(StandardCharsets.UTF_8));
    }
}
