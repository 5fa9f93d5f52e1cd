package io.groupmembership.node.access;

/**
 * What a request wants, in the words of Kubernetes' RBAC, in the API group {@code groupmembership.io}.
 *
 * @param verb get, list, watch, create, update or delete
 * @param resource as in "groups"
 * @param namespace empty for what is in no namespace, and for all namespaces
 * @param name empty for all; a member is "group/memberId"
 */
public record Attributes(String verb, String resource, String namespace, String name) {
    public static final String API_GROUP = "groupmembership.io";

    /** As a sentence has it: "create members in namespace default". */
    public String described() {
        return verb + " " + resource + (name.isEmpty() ? "" : " " + name)
                + (namespace.isEmpty() ? "" : " in namespace " + namespace);
    }

    public boolean changes() {
        return switch (verb) {
            case "get", "list", "watch" -> false;
            default -> true;
        };
    }
}
