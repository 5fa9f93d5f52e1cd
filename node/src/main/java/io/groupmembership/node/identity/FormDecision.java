package io.groupmembership.node.identity;

import io.groupmembership.protocol.Names;
import io.groupmembership.protocol.api.FormRequest;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
        Optional<FormDecision> invalid = invalid(request);
        if (invalid.isPresent()) {
            return invalid.get();
        }
        if (!volume.peerId().equals(request.peerId())) {
            return new Conflict("this node is " + volume.peerId() + ", and not " + request.peerId());
        }
        Formation wanted = new Formation(
                present(request.clusterId()),
                present(request.clusterName()),
                present(request.recoveryEpoch()),
                present(request.founder()),
                present(request.minimumPeers()));
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

    private static Optional<FormDecision> invalid(FormRequest request) {
        if (request.peerId() == null) {
            return missing("peerId");
        }
        if (request.clusterId() == null) {
            return missing("clusterId");
        }
        if (!isUuid(request.clusterId())) {
            return Optional.of(new Invalid("clusterId", "must be a UUID in lower case"));
        }
        if (request.clusterName() == null) {
            return missing("clusterName");
        }
        Optional<String> name = Names.memberIdProblem(request.clusterName());
        if (name.isPresent()) {
            return Optional.of(new Invalid("clusterName", name.get()));
        }
        if (request.recoveryEpoch() == null) {
            return missing("recoveryEpoch");
        }
        if (request.recoveryEpoch() < 0 || request.recoveryEpoch() > Formation.MAX_RECOVERY_EPOCH) {
            return Optional.of(new Invalid("recoveryEpoch", "must be 0 to " + Formation.MAX_RECOVERY_EPOCH));
        }
        if (request.founder() == null) {
            return missing("founder");
        }
        if (request.minimumPeers() == null) {
            return missing("minimumPeers");
        }
        if (request.minimumPeers() < 1 || request.minimumPeers() > 7) {
            return Optional.of(new Invalid("minimumPeers", "must be 1 to 7"));
        }
        return Optional.empty();
    }

    private static Optional<FormDecision> missing(String field) {
        return Optional.of(new Invalid(field, "must be there"));
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("checked above");
        }
        return value;
    }
}
