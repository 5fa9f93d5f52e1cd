package io.groupmembership.node.access;

import java.util.List;
import java.util.Map;

/**
 * One thing that a port serves.
 *
 * @param method GET, PUT, POST or DELETE; HEAD is as GET
 * @param template segments; a name in braces stands for one segment, and the last, with a star, for one or more
 * @param nameOf which parameters make the name, with a slash between them
 */
public record Operation(
        String method, List<String> template, String verb, String resource, List<String> nameOf, boolean open) {
    static Operation of(String method, String path, String verb, String resource, String... nameOf) {
        return new Operation(method, segments(path), verb, resource, List.of(nameOf), false);
    }

    static Operation open(String method, String path) {
        return new Operation(method, segments(path), "", "", List.of(), true);
    }

    static List<String> segments(String path) {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }

    /** The path as descriptions of the API have it: "/v1/nodes/{nodeId}/members". */
    public String path() {
        return "/" + String.join("/", template).replace("*}", "}");
    }

    /** What a call of this operation wants. */
    public Attributes attributes(Map<String, String> parameters, boolean watch) {
        String name = String.join(
                "/",
                nameOf.stream()
                        .map(parameter -> parameters.getOrDefault(parameter, ""))
                        .toList());
        return new Attributes(
                watch && resource.equals("groups") ? "watch" : verb,
                resource,
                parameters.getOrDefault("namespace", ""),
                name);
    }
}
