package io.groupmembership.node.access.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groupmembership.node.access.AccessDecision;
import io.groupmembership.node.access.Attributes;
import io.groupmembership.node.access.Authentication;
import io.groupmembership.node.access.Caller;
import io.groupmembership.node.access.Pod;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The API server's questions and answers: TokenReview and SubjectAccessReview, and a pod's addresses. */
final class Questions {
    static final String AUDIENCE = "groupmembership.io";
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

    private Questions() {}

    static JsonNode tokenReview(String token) {
        ObjectNode review = review("authentication.k8s.io/v1", "TokenReview");
        ObjectNode spec = review.putObject("spec").put("token", token);
        spec.putArray("audiences").add(AUDIENCE);
        return review;
    }

    private static ObjectNode review(String version, String kind) {
        return JsonNodeFactory.instance.objectNode().put("apiVersion", version).put("kind", kind);
    }

    /** A server that names no audience has not looked at it: such a token is refused. */
    static Authentication authentication(ApiServer.Answer answer) {
        if (answer.status() != 200 && answer.status() != 201) {
            return new Authentication.Unknown(problem(answer, "review tokens"));
        }
        JsonNode status = answer.json().path("status");
        if (!status.path("authenticated").asBoolean(false)) {
            return new Authentication.Refused("the token is not valid, or not for the audience " + AUDIENCE);
        }
        if (!texts(status.path("audiences")).contains(AUDIENCE)) {
            return new Authentication.Refused("the token is not for the audience " + AUDIENCE);
        }
        JsonNode user = status.path("user");
        String name = user.path("username").asText("");
        if (name.isEmpty()) {
            return new Authentication.Refused("the token has no user");
        }
        return new Authentication.Known(new Caller(
                Caller.Proof.TOKEN, name, user.path("uid").asText(""), texts(user.path("groups")), pod(name, user)));
    }

    private static Optional<Pod> pod(String user, JsonNode status) {
        String name = status.path("extra").path(POD_NAME).path(0).asText("");
        String uid = status.path("extra").path(POD_UID).path(0).asText("");
        String[] parts = user.split(":", -1);
        return user.startsWith(SERVICE_ACCOUNT) && parts.length == 4 && !name.isEmpty() && !uid.isEmpty()
                ? Optional.of(new Pod(parts[2], name, uid))
                : Optional.empty();
    }

    static JsonNode subjectAccessReview(Caller caller, Attributes wanted) {
        ObjectNode review = review("authorization.k8s.io/v1", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec").put("user", caller.user());
        if (!caller.uid().isEmpty()) {
            spec.put("uid", caller.uid());
        }
        new TreeSet<>(caller.groups()).forEach(spec.putArray("groups")::add);
        ObjectNode attributes = spec.putObject("resourceAttributes")
                .put("group", Attributes.API_GROUP)
                .put("version", "v1")
                .put("resource", wanted.resource())
                .put("verb", wanted.verb());
        if (!wanted.namespace().isEmpty()) {
            attributes.put("namespace", wanted.namespace());
        }
        if (!wanted.name().isEmpty()) {
            attributes.put("name", wanted.name());
        }
        return review;
    }

    static AccessDecision decision(ApiServer.Answer answer) {
        if (answer.status() != 200 && answer.status() != 201) {
            return new AccessDecision.Unknown(problem(answer, "review access"));
        }
        JsonNode status = answer.json().path("status");
        boolean allowed = status.path("allowed").asBoolean(false)
                && !status.path("denied").asBoolean(false);
        return allowed
                ? new AccessDecision.Allow("Kubernetes RBAC")
                : new AccessDecision.Deny("Kubernetes RBAC does not allow it");
    }

    static String podPath(Pod pod) {
        return "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name();
    }

    /** The pod's addresses; none where it is another pod by now; empty where nobody could say. */
    static Optional<Set<InetAddress>> addresses(ApiServer.Answer answer, Pod pod) {
        if (answer.status() == 404) {
            return Optional.of(Set.of());
        }
        if (answer.status() != 200) {
            return Optional.empty();
        }
        Set<InetAddress> addresses = new HashSet<>();
        if (pod.uid().equals(answer.json().path("metadata").path("uid").asText(""))) {
            for (JsonNode one : answer.json().path("status").path("podIPs")) {
                try {
                    addresses.add(InetAddress.ofLiteral(one.path("ip").asText("")));
                } catch (IllegalArgumentException e) {
                    // an address that can't be read is nobody's
                }
            }
        }
        return Optional.of(addresses);
    }

    /** @param selector of namespaces by their labels, as kubectl writes it */
    static String namespacePath(String namespace, String selector) {
        return "/api/v1/namespaces?limit=1&fieldSelector=metadata.name%3D" + namespace + "&labelSelector="
                + URLEncoder.encode(selector, StandardCharsets.UTF_8);
    }

    static AccessDecision allowed(ApiServer.Answer answer, String namespace) {
        if (answer.status() != 200) {
            return new AccessDecision.Unknown(problem(answer, "list namespaces"));
        }
        for (JsonNode one : answer.json().path("items")) {
            if (namespace.equals(one.path("metadata").path("name").asText(""))) {
                return new AccessDecision.Allow("the namespace is one of gm.allowed-namespaces");
            }
        }
        return new AccessDecision.Deny(
                "pods of namespace " + namespace + " may not join groups of this cluster (allowedNamespaces)");
    }

    private static String problem(ApiServer.Answer answer, String what) {
        return answer.status() == 0
                ? answer.problem()
                : "the Kubernetes API server answers " + answer.status() + " when it is asked to " + what;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(one -> texts.add(one.asText("")));
        return texts;
    }
}
