package io.groupmembership.node.access;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a pod may without any rule: join a group of its own namespace under its own name, leave it, and read it while it
 * is in. A pod is its uid: a member that another pod of the same name made is not its own.
 */
public final class SelfRule {
    /** The metadata of a member that names the pod it is. */
    public static final String POD_UID = "kubernetes.io/pod-uid";

    /** What has to be looked at in the state before a pod may. */
    public enum Question {
        /** Whether the group has this pod as a member. */
        IS_MEMBER,
        /** Whether a member of the pod's name is this pod, or nobody. */
        IS_NOT_ANOTHER
    }

    private SelfRule() {}

    /** Whether a pod may do this, given the answer to the question; empty where it is not for itself. */
    public static Optional<Question> question(Pod pod, Operations.Match match, Attributes wanted) {
        if (!pod.namespace().equals(wanted.namespace())) {
            return Optional.empty();
        }
        boolean itself = pod.name().equals(match.parameters().get("memberId"));
        return switch (wanted.resource()) {
            case "members" ->
                wanted.verb().equals("delete") && itself ? Optional.of(Question.IS_NOT_ANOTHER) : Optional.empty();
            case "removals" -> itself ? Optional.of(Question.IS_NOT_ANOTHER) : Optional.empty();
            case "groups" -> Optional.of(Question.IS_MEMBER);
            case "policies" -> wanted.verb().equals("get") ? Optional.of(Question.IS_MEMBER) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** @param metadata of the member with the pod's name, where there is one */
    public static boolean answer(Question question, Pod pod, Optional<Map<String, String>> metadata) {
        return metadata.map(one -> pod.uid().equals(one.get(POD_UID))).orElse(question == Question.IS_NOT_ANOTHER);
    }

    /** Whether a pod may join so: what is wrong otherwise, a phrase that begins with the field. */
    public static Optional<String> joinProblem(
            Pod pod, String namespace, String memberId, Map<String, String> metadata) {
        if (!pod.namespace().equals(namespace)) {
            return Optional.of("namespace must be the pod's own, " + pod.namespace());
        }
        if (!pod.name().equals(memberId)) {
            return Optional.of("memberId must be the pod's own, " + pod.name());
        }
        if (!pod.uid().equals(metadata.get(POD_UID))) {
            return Optional.of("metadata " + POD_UID + " must be the uid of the pod that the token was issued to");
        }
        return Optional.empty();
    }

    /** @param host of an address that a joiner names */
    public static Optional<String> addressProblem(String field, String host, Set<InetAddress> podAddresses) {
        try {
            if (podAddresses.contains(InetAddress.ofLiteral(host))) {
                return Optional.empty();
            }
        } catch (IllegalArgumentException e) {
            // a name may be looked up differently tomorrow
        }
        return Optional.of(field + " must be an IP address of the pod itself");
    }
}
