package io.groupmembership.node.identity;

import io.groupmembership.protocol.api.RecoverRequest;
import java.util.Optional;

/**
 * What a request to recover comes to on a volume. It means one peer, one cluster and the epoch after the present one:
 * whoever asks has seen what is there now, and the same again is no change.
 */
public sealed interface RecoverDecision {
    record Recover(long recoveryEpoch) implements RecoverDecision {}

    record AlreadySo() implements RecoverDecision {}

    /** @param phrase follows the field's name: "must be there" */
    record Invalid(String field, String phrase) implements RecoverDecision {}

    record Conflict(String detail) implements RecoverDecision {}

    /**
     * @param volume one that was formed
     * @param leader the node that leads now, as this one knows
     */
    static RecoverDecision of(Volume volume, Formation formation, Optional<String> leader, RecoverRequest request) {
        String peerId = request.peerId();
        String clusterId = request.clusterId();
        Long epoch = request.recoveryEpoch();
        if (peerId == null) {
            return new Invalid("peerId", "must be there");
        }
        if (clusterId == null) {
            return new Invalid("clusterId", "must be there");
        }
        if (epoch == null) {
            return new Invalid("recoveryEpoch", "must be there");
        }
        if (epoch < 1 || epoch > Formation.MAX_RECOVERY_EPOCH) {
            return new Invalid("recoveryEpoch", "must be 1 to " + Formation.MAX_RECOVERY_EPOCH);
        }
        if (!volume.peerId().equals(peerId)) {
            return new Conflict("this node is " + volume.peerId() + ", and not " + peerId);
        }
        if (!formation.clusterId().equals(clusterId)) {
            return new Conflict("this volume is of cluster " + formation.clusterId() + ", and not " + clusterId);
        }
        if (formation.recoveryEpoch() == epoch) {
            return new AlreadySo();
        }
        if (formation.recoveryEpoch() + 1 != epoch) {
            return new Conflict("this volume is at recovery epoch " + formation.recoveryEpoch() + ", and the next is "
                    + (formation.recoveryEpoch() + 1));
        }
        if (leader.isPresent()) {
            return new Conflict(leader.get() + " leads, so a majority takes part: there is nothing to recover from");
        }
        return new Recover(epoch);
    }
}
