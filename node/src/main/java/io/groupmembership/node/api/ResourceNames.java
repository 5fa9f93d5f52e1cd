package io.groupmembership.node.api;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.protocol.Names;

/** Turns the decoded names of a path into what they name; a problem that names the part where it is no name. */
public final class ResourceNames {
    private ResourceNames() {}

    public static GroupKey group(String namespace, String group) {
        String goodNamespace = namespace(namespace);
        Names.groupProblem(group).ifPresent(phrase -> {
            throw Problems.invalidField("group", phrase);
        });
        return new GroupKey(goodNamespace, group);
    }

    static String namespace(String namespace) {
        Names.namespaceProblem(namespace).ifPresent(phrase -> {
            throw Problems.invalidField("namespace", phrase);
        });
        return namespace;
    }

    static String memberId(String memberId) {
        Names.memberIdProblem(memberId).ifPresent(phrase -> {
            throw Problems.invalidField("memberId", phrase);
        });
        return memberId;
    }

    /** Node ids look like member ids. */
    static String nodeId(String nodeId) {
        Names.memberIdProblem(nodeId).ifPresent(phrase -> {
            throw Problems.invalidField("nodeId", phrase);
        });
        return nodeId;
    }

    /** The key in its namespace, as the store knows it. */
    static String storeKey(String namespace, String key) {
        String goodNamespace = namespace(namespace);
        Names.keyProblem(key).ifPresent(phrase -> {
            throw Problems.invalidField("key", phrase);
        });
        return goodNamespace + "/" + key;
    }
}
