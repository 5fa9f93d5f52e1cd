package io.groupmembership.node.api;

import java.util.Optional;

/** Which methods a path of this API takes, for the header Allow (RFC 9110, section 15.5.6). */
final class AllowedMethods {
    private static final String READ = "GET, HEAD, OPTIONS";

    private AllowedMethods() {}

    /** @param path decoded; empty where nothing is there */
    static Optional<String> of(String path) {
        String[] parts = (path.startsWith("/") ? path.substring(1) : path).split("/");
        if (parts.length < 2 || !parts[0].equals("v1")) {
            return Optional.empty();
        }
        return switch (parts[1]) {
            case "groups", "watch", "raft" -> when(parts.length == 2, READ);
            case "nodes" -> when(parts.length == 2 || (parts.length == 4 && parts[3].equals("members")), READ);
            case "namespaces" -> inNamespace(parts);
            default -> Optional.empty();
        };
    }

    private static Optional<String> inNamespace(String[] parts) {
        if (parts.length < 5) {
            return Optional.empty();
        }
        if (parts[3].equals("kv")) {
            return Optional.of("GET, HEAD, PUT, DELETE, OPTIONS");
        }
        if (!parts[3].equals("groups")) {
            return Optional.empty();
        }
        return switch (parts.length) {
            case 5 -> Optional.of(READ);
            case 6 ->
                switch (parts[5]) {
                    case "members", "members:batch", "evidence" -> Optional.of("POST, OPTIONS");
                    case "policy" -> Optional.of("GET, HEAD, PUT, OPTIONS");
                    default -> Optional.empty();
                };
            case 7 ->
                switch (parts[5]) {
                    case "members" -> Optional.of("DELETE, OPTIONS");
                    case "removals" -> Optional.of(READ);
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    private static Optional<String> when(boolean there, String methods) {
        return there ? Optional.of(methods) : Optional.empty();
    }
}
