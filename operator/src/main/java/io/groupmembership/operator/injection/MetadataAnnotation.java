package io.groupmembership.operator.injection;

import io.groupmembership.operator.injection.Refusal.Reason;
import io.groupmembership.protocol.Limits;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A member's metadata as an annotation has it: {@code key=value,key=value}. The limits are those of the protocol, less
 * what the agent adds: the pod's UID (21 bytes of key and 36 of value) and its node's name (18 and at most 253).
 */
final class MetadataAnnotation {
    private static final List<String> OF_THE_AGENT = List.of("kubernetes.io/pod-uid", "kubernetes.io/node");
    private static final int ENTRIES = Limits.METADATA_ENTRIES - OF_THE_AGENT.size();
    private static final int BYTES = Limits.METADATA_BYTES - (21 + 36 + 18 + 253);

    private MetadataAnnotation() {}

    /** The same entries without blanks around them; empty where there are none. */
    static String checked(String text) throws RefusedException {
        if (text.isBlank()) {
            return "";
        }
        StringBuilder result = new StringBuilder();
        Set<String> keys = new HashSet<>();
        int bytes = 0;
        for (String entry : text.split(",", -1)) {
            String stripped = entry.strip();
            int equals = stripped.indexOf('=');
            if (equals <= 0) {
                throw refused("must be key=value,key=value, not " + Refusal.quoted(stripped));
            }
            String key = stripped.substring(0, equals);
            if (!key.chars().allMatch(c -> c > ' ' && c <= '~')) {
                throw refused("must have keys of printable ASCII without blanks, not " + Refusal.quoted(key));
            }
            if (OF_THE_AGENT.contains(key)) {
                throw refused("must not have the key " + Refusal.quoted(key) + ": the sidecar sets it");
            }
            if (!keys.add(key)) {
                throw refused("has the key " + Refusal.quoted(key) + " twice");
            }
            bytes += stripped.getBytes(StandardCharsets.UTF_8).length - 1;
            result.append(result.isEmpty() ? "" : ",").append(stripped);
        }
        if (keys.size() > ENTRIES) {
            throw refused("must have at most " + ENTRIES + " entries, and has " + keys.size());
        }
        if (bytes > BYTES) {
            throw refused("must have at most " + BYTES + " bytes of keys and values, and has " + bytes);
        }
        return result.toString();
    }

    private static RefusedException refused(String phrase) {
        return new RefusedException(
                Reason.INVALID_ANNOTATION, "annotation " + MemberPod.METADATA_ANNOTATION + " " + phrase);
    }
}
