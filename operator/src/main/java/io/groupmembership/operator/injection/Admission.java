package io.groupmembership.operator.injection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.groupmembership.operator.injection.ClusterDirectory.Reading;
import io.groupmembership.operator.injection.InjectionDecision.AlreadyInjected;
import io.groupmembership.operator.injection.InjectionDecision.Inject;
import io.groupmembership.operator.injection.InjectionDecision.NotOurs;
import io.groupmembership.operator.injection.InjectionDecision.Refuse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Answers an AdmissionReview (admission.k8s.io/v1). Whatever is in it gets an answer: a body that is no review is told so, a
 * request that is not about the creation of a pod is allowed as it is, a pod that can't be read is refused.
 */
final class Admission {
    private static final Logger LOG = Logger.getLogger(Admission.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API_VERSION = "admission.k8s.io/v1";

    private final ClusterDirectory directory;
    private final InjectionSettings settings;

    Admission(ClusterDirectory directory, InjectionSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    AdmissionAnswer answer(byte[] body) {
        JsonNode review;
        try {
            review = JSON.readTree(body);
        } catch (IOException e) {
            return new AdmissionAnswer.NoReview("the body is not JSON");
        }
        if (!API_VERSION.equals(review.path("apiVersion").asText())
                || !"AdmissionReview".equals(review.path("kind").asText())) {
            return new AdmissionAnswer.NoReview("the body must be an AdmissionReview of " + API_VERSION);
        }
        JsonNode request = review.path("request");
        String uid = request.path("uid").asText();
        if (uid.isEmpty()) {
            return new AdmissionAnswer.NoReview("request.uid must be there");
        }
        return createsPod(request)
                ? answer(uid, request.path("namespace").asText(), request.path("object"))
                : reviewed(allowed(uid), "notOurs");
    }

    private static boolean createsPod(JsonNode request) {
        JsonNode resource = request.path("resource");
        return "CREATE".equals(request.path("operation").asText())
                && resource.path("group").asText().isEmpty()
                && "pods".equals(resource.path("resource").asText())
                && request.path("subResource").asText().isEmpty();
    }

    private AdmissionAnswer answer(String uid, String namespace, JsonNode object) {
        Pod pod;
        try {
            pod = JSON.treeToValue(object, Pod.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return unreadable(uid);
        }
        if (pod == null || !object.path("spec").isObject() || namespace.isEmpty()) {
            return unreadable(uid);
        }
        return switch (directory.read(namespace)) {
            case Reading.Unknown(String reason) ->
                reviewed(
                        denied(
                                uid,
                                503,
                                "ServiceUnavailable",
                                "the sidecar can't be injected now, try again: " + reason),
                        "NotReady");
            case Reading.Known known -> decided(uid, pod, object, known);
        };
    }

    private AdmissionAnswer decided(String uid, Pod pod, JsonNode object, Reading.Known known) {
        InjectionDecision decision;
        ArrayNode patch;
        try {
            decision = InjectionDecision.of(pod, known.namespace(), known.clusters(), settings);
            patch = decision instanceof Inject(InjectionPlan plan)
                    ? PodMutator.patch(object, plan)
                    : JSON.createArrayNode();
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "no decision on pod %s in namespace %s",
                    name(object),
                    known.namespace().name());
            return reviewed(
                    denied(uid, 500, "InternalError", "the sidecar can't be injected: see the webhook's log"),
                    "Failed");
        }
        return switch (decision) {
            case Inject(InjectionPlan plan) -> {
                LOG.debugf(
                        "pod %s of namespace %s joins %s",
                        name(object), known.namespace().name(), plan.cluster());
                yield reviewed(patched(uid, patch, plan.warnings()), "injected");
            }
            case AlreadyInjected() -> reviewed(allowed(uid), "alreadyInjected");
            case NotOurs(String why, boolean asked) -> {
                AdmissionResponse response = allowed(uid);
                if (asked) {
                    response.setWarnings(List.of("label " + MemberPod.GROUP_LABEL + " has no effect: " + why));
                }
                yield reviewed(response, "notOurs");
            }
            case Refuse(Refusal refusal) -> {
                LOG.infof(
                        "pod %s of namespace %s refused: %s",
                        name(object), known.namespace().name(), refusal.message());
                yield reviewed(
                        denied(
                                uid,
                                refusal.reason().code(),
                                refusal.reason().code() == 403 ? "Forbidden" : "Invalid",
                                refusal.message()),
                        refusal.reason().word());
            }
        };
    }

    /** Pods of controllers have no name yet. */
    private static String name(JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        String name = metadata.path("name").asText();
        return name.isEmpty() ? metadata.path("generateName").asText() + "*" : name;
    }

    private static AdmissionAnswer unreadable(String uid) {
        return reviewed(denied(uid, 422, "Invalid", "request.object must be a pod in a namespace"), "Unreadable");
    }

    private static AdmissionAnswer reviewed(AdmissionResponse response, String outcome) {
        AdmissionReview review = new AdmissionReview();
        review.setResponse(response);
        return new AdmissionAnswer.Reviewed(review, outcome);
    }

    private static AdmissionResponse allowed(String uid) {
        AdmissionResponse response = new AdmissionResponse();
        response.setUid(uid);
        response.setAllowed(true);
        return response;
    }

    private static AdmissionResponse patched(String uid, ArrayNode patch, List<String> warnings) {
        AdmissionResponse response = allowed(uid);
        response.setPatchType("JSONPatch");
        response.setPatch(Base64.getEncoder().encodeToString(patch.toString().getBytes(StandardCharsets.UTF_8)));
        if (!warnings.isEmpty()) {
            response.setWarnings(warnings);
        }
        return response;
    }

    private static AdmissionResponse denied(String uid, int code, String reason, String message) {
        Status status = new StatusBuilder()
                .withStatus("Failure")
                .withCode(code)
                .withReason(reason)
                .withMessage(message)
                .build();
        AdmissionResponse response = new AdmissionResponse();
        response.setUid(uid);
        response.setAllowed(false);
        response.setStatus(status);
        return response;
    }
}
