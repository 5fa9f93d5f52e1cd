package io.groupmembership.operator.injection;

/**
 * Why a pod is not admitted. A person reads the message after "admission webhook ... denied the request:", in the answer
 * to {@code kubectl} or in a FailedCreate event of a ReplicaSet or StatefulSet: it begins with the field, says what is wrong
 * with it and what to write instead, and is short enough for an event (1,024 bytes).
 */
public record Refusal(Reason reason, String message) {
    private static final int MESSAGE_CHARACTERS = 800;
    private static final int VALUE_CHARACTERS = 80;

    /** The kinds of refusal; {@link #code} is the HTTP status that the client is told. */
    public enum Reason {
        INVALID_GROUP("InvalidGroup", 422),
        HOST_NETWORK("HostNetwork", 422),
        WINDOWS("Windows", 422),
        NAME_TAKEN("NameTaken", 422),
        PORT_TAKEN("PortTaken", 422),
        UNKNOWN_ANNOTATION("UnknownAnnotation", 422),
        INVALID_ANNOTATION("InvalidAnnotation", 422),
        AMBIGUOUS_CLUSTER("AmbiguousCluster", 422),
        NO_SUCH_CLUSTER("NoSuchCluster", 422),
        NO_CLUSTER("NoCluster", 403),
        CLUSTER_NOT_ALLOWED("ClusterNotAllowed", 403),
        CLUSTER_BEING_DELETED("ClusterBeingDeleted", 403);

        private final String word;
        private final int code;

        Reason(String word, int code) {
            this.word = word;
            this.code = code;
        }

        public String word() {
            return word;
        }

        public int code() {
            return code;
        }
    }

    public Refusal {
        if (message.length() > MESSAGE_CHARACTERS) {
            message = message.substring(0, MESSAGE_CHARACTERS) + "…";
        }
    }

    /** Somebody's text between quotes: on one line, and not too long. */
    static String quoted(String text) {
        StringBuilder line = new StringBuilder("'");
        for (int i = 0; i < text.length() && i < VALUE_CHARACTERS; i++) {
            line.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
        }
        return line.append(text.length() > VALUE_CHARACTERS ? "…'" : "'").toString();
    }
}
