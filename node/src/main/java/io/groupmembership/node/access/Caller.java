package io.groupmembership.node.access;

import java.util.Optional;
import java.util.Set;

/**
 * Who sent a request.
 *
 * @param user the name, as Kubernetes knows users; "system:anonymous" for whoever showed nothing
 * @param uid what tells two users of one name apart; empty where the way of proof has none
 * @param pod the pod that the token is bound to
 */
public record Caller(Proof proof, String user, String uid, Set<String> groups, Optional<Pod> pod) {
    public static final String NODES = "groupmembership.io:nodes";
    public static final String ADMINS = "groupmembership.io:admins";

    public static final Caller ANONYMOUS =
            new Caller(Proof.NONE, "system:anonymous", "", Set.of("system:unauthenticated"), Optional.empty());

    /** How it is known who it is. */
    public enum Proof {
        NONE,
        CERTIFICATE,
        TOKEN
    }

    public Caller {
        groups = Set.copyOf(groups);
    }

    public boolean isAnonymous() {
        return proof == Proof.NONE;
    }

    /** A name that no other caller has: whatever is kept for one caller is kept under it. */
    public String id() {
        return proof.name().charAt(0) + ":" + user + "\n" + uid + "\n"
                + pod.map(Pod::uid).orElse("");
    }

    /** What is written down about a caller. */
    public String described() {
        return pod.map(one -> user + " (pod " + one.name() + ")").orElse(user);
    }
}
