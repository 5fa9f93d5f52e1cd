package io.groupmembership.cli.http;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.protocol.Names;
import java.util.Optional;

/** The paths of the API; a name that can't be one is refused here, before a server is asked. */
public final class ApiPath {
    public static final String GROUPS = "/v1/groups";
    public static final String NODES = "/v1/nodes";
    public static final String WATCH = "/v1/watch";

    private ApiPath() {}

    public static String group(String namespace, String group) {
        check("namespace", namespace, Names.namespaceProblem(namespace));
        check("group", group, Names.groupProblem(group));
        return "/v1/namespaces/" + Request.encoded(namespace) + "/groups/" + Request.encoded(group);
    }

    public static String members(String namespace, String group) {
        return group(namespace, group) + "/members";
    }

    public static String member(String namespace, String group, String memberId) {
        check("member", memberId, Names.memberIdProblem(memberId));
        return members(namespace, group) + "/" + Request.encoded(memberId);
    }

    public static String removal(String namespace, String group, String memberId) {
        check("member", memberId, Names.memberIdProblem(memberId));
        return group(namespace, group) + "/removals/" + Request.encoded(memberId);
    }

    public static String policy(String namespace, String group) {
        return group(namespace, group) + "/policy";
    }

    public static String nodeMembers(String nodeId) {
        check("node", nodeId, Names.memberIdProblem(nodeId));
        return NODES + "/" + Request.encoded(nodeId) + "/members";
    }

    public static String key(String namespace, String key) {
        check("namespace", namespace, Names.namespaceProblem(namespace));
        check("key", key, Names.keyProblem(key));
        return "/v1/namespaces/" + Request.encoded(namespace) + "/kv/" + Request.encoded(key);
    }

    private static void check(String what, String name, Optional<String> problem) {
        problem.ifPresent(phrase -> {
            throw new CliFailure(ExitCode.USAGE, what + " '" + printable(name) + "' " + phrase);
        });
    }

    private static String printable(String name) {
        String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
