package io.groupmembership.node.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything that is served, and what right each needs. What is not here is served to nobody but administrators: a route
 * that is added and forgotten here is closed, not open. Paths are matched by their decoded segments; paths that mean two
 * things are refused before.
 */
public final class Operations {
    private static final String GROUP = "/v1/namespaces/{namespace}/groups/{group}";
    private static final String KEY = "/v1/namespaces/{namespace}/kv/{key*}";

    /** At the clients' port. */
    public static final Operations OF_CLIENTS = new Operations(List.of(
            Operation.open("GET", "/"),
            Operation.open("GET", "/q/health"),
            Operation.open("GET", "/q/health/{check*}"),
            Operation.open("GET", "/q/openapi"),
            Operation.of("GET", "/q/metrics", "get", "metrics"),
            Operation.of("GET", "/v1/groups", "list", "groups"),
            Operation.of("GET", "/v1/watch", "watch", "groups"),
            Operation.of("GET", "/v1/raft", "get", "raft"),
            Operation.of("GET", "/v1/nodes", "list", "nodes"),
            Operation.of("GET", "/v1/nodes/{nodeId}/members", "list", "members"),
            Operation.of("GET", GROUP, "get", "groups", "group"),
            Operation.of("GET", GROUP + "/policy", "get", "policies", "group"),
            Operation.of("PUT", GROUP + "/policy", "update", "policies", "group"),
            Operation.of("GET", GROUP + "/removals/{memberId}", "get", "removals", "group", "memberId"),
            Operation.of("POST", GROUP + "/members", "create", "members", "group"),
            Operation.of("POST", GROUP + "/members:batch", "create", "members", "group"),
            Operation.of("DELETE", GROUP + "/members/{memberId}", "delete", "members", "group", "memberId"),
            Operation.of("POST", GROUP + "/evidence", "create", "evidence", "group"),
            Operation.of("GET", KEY, "get", "keys", "key"),
            Operation.of("PUT", KEY, "update", "keys", "key"),
            Operation.of("DELETE", KEY, "delete", "keys", "key")));

    /** At the admin port. */
    public static final Operations OF_ADMINISTRATORS = new Operations(List.of(
            Operation.of("GET", "/v1/raft", "get", "raft"),
            Operation.of("GET", "/v1/backup", "get", "backups"),
            Operation.of("POST", "/v1/raft/form", "create", "formations"),
            Operation.of("POST", "/v1/raft/recover", "create", "recoveries"),
            Operation.of("PUT", "/v1/raft/configuration", "update", "configurations"),
            Operation.of("POST", "/v1/raft/leader", "update", "leaders")));

    /** What a request is, where it is something that is served. */
    public record Match(Operation operation, Map<String, String> parameters) {}

    private final List<Operation> operations;

    private Operations(List<Operation> operations) {
        this.operations = operations;
    }

    public List<Operation> all() {
        return operations;
    }

    /** Every resource that a right can be for. */
    public static SortedSet<String> resources() {
        SortedSet<String> resources = new TreeSet<>();
        OF_CLIENTS.operations.forEach(operation -> resources.add(operation.resource()));
        OF_ADMINISTRATORS.operations.forEach(operation -> resources.add(operation.resource()));
        resources.remove("");
        return resources;
    }

    /** @param path decoded */
    public Optional<Match> match(String method, String path) {
        String served = method.equals("HEAD") ? "GET" : method;
        List<String> segments = Operation.segments(path);
        for (Operation operation : operations) {
            if (operation.method().equals(served)) {
                Optional<Map<String, String>> parameters = parameters(operation.template(), segments);
                if (parameters.isPresent()) {
                    return Optional.of(new Match(operation, parameters.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Map<String, String>> parameters(List<String> template, List<String> segments) {
        boolean many = !template.isEmpty() && template.getLast().endsWith("*}");
        if (many ? segments.size() < template.size() : segments.size() != template.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String part = template.get(i);
            if (part.endsWith("*}")) {
                parameters.put(
                        part.substring(1, part.length() - 2), String.join("/", segments.subList(i, segments.size())));
            } else if (part.startsWith("{")) {
                parameters.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
