package io.groupmembership.node.identity;

import io.groupmembership.protocol.Names;
import io.groupmembership.protocol.api.FormRequest;
import java.util.Optional;
import java.util.UUID;

/**
 * What a request to form comes to on a volume.
 *
 * <p>A volume is of one cluster for good: what it was told first counts, the same again is no change, and anything else
 * is refused. A request that means another peer is refused too: the volume that the caller saw is gone.
 */
public sealed interface FormDecision {
    record Form(Formation formation) implements FormDecision {}

    record AlreadySo() implements FormDecision {}

    /** @param phrase follows the field's name: "must be there" */
    record Invalid(String field, String phrase) implements FormDecision {}

    record Conflict(String detail) implements FormDecision {}

    static FormDecision of(Volume volume, FormRequest request) {
        String peerId = request.peerId();
        String clusterId = request.clusterId();
        String clusterName = request.clusterName();
        Long recoveryEpoch = request.recoveryEpoch();
        Boolean founder = request.founder();
        Integer minimumPeers = request.minimumPeers();
        if (peerId == null) {
            return missing("peerId");
        }
        if (clusterId == null) {
            return missing("clusterId");
        }
        if (!isUuid(clusterId)) {
            return new Invalid("clusterId", "must be a UUID in lower case");
        }
        if (clusterName == null) {
            return missing("clusterName");
        }
        Optional<String> nameProblem = Names.memberIdProblem(clusterName);
        if (nameProblem.isPresent()) {
            return new Invalid("clusterName", nameProblem.get());
        }
        if (recoveryEpoch == null) {
            return missing("recoveryEpoch");
        }
        if (recoveryEpoch < 0 || recoveryEpoch > Formation.MAX_RECOVERY_EPOCH) {
            return new Invalid("recoveryEpoch", "must be 0 to " + Formation.MAX_RECOVERY_EPOCH);
        }
        if (founder == null) {
            return missing("founder");
        }
        if (minimumPeers == null) {
            return missing("minimumPeers");
        }
        if (minimumPeers < 1 || minimumPeers > 7) {
            return new Invalid("minimumPeers", "must be 1 to 7");
        }
        return of(volume, peerId, new Formation(clusterId, clusterName, recoveryEpoch, founder, minimumPeers));
    }

    private static FormDecision of(Volume volume, String peerId, Formation wanted) {
        if (!volume.peerId().equals(peerId)) {
            return new Conflict("this node is " + volume.peerId() + ", and not " + peerId);
        }
        Optional<Formation> formed = volume.formed();
        if (formed.isEmpty()) {
            return new Form(wanted);
        }
        Formation now = formed.get();
        boolean same = now.clusterId().equals(wanted.clusterId())
                && now.recoveryEpoch() == wanted.recoveryEpoch()
                && now.founder() == wanted.founder();
        return same
                ? new AlreadySo()
                : new Conflict("this volume is already of cluster " + now.clusterId() + ", recovery epoch "
                        + now.recoveryEpoch() + ", as " + (now.founder() ? "its founder" : "one that was admitted"));
    }

    private static FormDecision missing(String field) {
        return new Invalid(field, "must be there");
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
