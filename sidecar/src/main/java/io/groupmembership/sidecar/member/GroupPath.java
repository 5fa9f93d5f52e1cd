package io.groupmembership.sidecar.member;

import java.util.UUID;

/** Paths of a node's API for one member. Its names are checked, and need no escaping. */
public record GroupPath(String namespace, String group, String memberId) {
    public String view() {
        return "/v1/namespaces/" + namespace + "/groups/" + group;
    }

    public String watch() {
        return view() + "?watch=true";
    }

    String join() {
        return view() + "/members";
    }

    String leave(long incarnation) {
        return view() + "/members/" + memberId + "?incarnation=" + incarnation;
    }

    String withdraw(UUID instance) {
        return view() + "/members/" + memberId + "?instance=" + instance;
    }
}
