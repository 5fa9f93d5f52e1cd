package io.groupmembership.node.access;

import io.groupmembership.node.access.Caller.Proof;
import java.util.Optional;
import java.util.Set;

/**
 * What holds without any rule: administrators may everything, and nodes may read what they need of one another. Only a
 * certificate proves that a caller is one of these: a group of a token has no such right, whatever its name.
 */
final class BuiltInRights {
    private static final Set<String> OF_NODES = Set.of("raft", "nodes", "metrics");

    private BuiltInRights() {}

    static Optional<AccessDecision> decide(Caller caller, Attributes wanted) {
        if (caller.proof() != Proof.CERTIFICATE) {
            return Optional.empty();
        }
        if (caller.groups().contains(Caller.ADMINS)) {
            return Optional.of(new AccessDecision.Allow("an administrator"));
        }
        if (caller.groups().contains(Caller.NODES) && !wanted.changes() && OF_NODES.contains(wanted.resource())) {
            return Optional.of(new AccessDecision.Allow("a node"));
        }
        return Optional.empty();
    }
}
