package io.groupmembership.node.identity;

import java.util.UUID;

/**
 * Which cluster a volume is of, once that is settled; see {@link io.groupmembership.protocol.api.FormRequest}.
 *
 * @param clusterId a UUID, the Raft group id
 * @param founder whether the Raft group began with this peer alone; the others begin with no peers and are admitted
 */
public record Formation(String clusterId, String clusterName, long recoveryEpoch, boolean founder, int minimumPeers) {
    public Formation {
        if (!UUID.fromString(clusterId).toString().equals(clusterId)) {
            throw new IllegalArgumentException("clusterId must be a UUID in lower case");
        }
    }
}
