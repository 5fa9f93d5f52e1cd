package io.groupmembership.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Writes a plan as a JSON patch (RFC 6902). The patch only adds: a container in front of the init containers, a volume, and
 * annotations. It is made from the JSON that came in, and not from a model of it, so that no field which the model does not
 * know is lost.
 */
final class PodMutator {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PodMutator() {}

    /** @param pod as the API server sent it */
    static ArrayNode patch(JsonNode pod, InjectionPlan plan) {
        ArrayNode patch = JSON.createArrayNode();
        JsonNode sidecar = JSON.valueToTree(SidecarContainer.of(plan));
        if (pod.path("spec").path("initContainers").isEmpty()) {
            add(patch, "/spec/initContainers", JSON.createArrayNode().add(sidecar));
        } else {
            add(patch, "/spec/initContainers/0", sidecar);
        }
        plan.identity().volume().ifPresent(volume -> {
            JsonNode json = JSON.valueToTree(volume);
            if (pod.path("spec").path("volumes").isEmpty()) {
                add(patch, "/spec/volumes", JSON.createArrayNode().add(json));
            } else {
                add(patch, "/spec/volumes/-", json);
            }
        });
        if (pod.path("metadata").path("annotations").isObject()) {
            for (Map.Entry<String, String> entry : plan.annotations().entrySet()) {
                add(patch, "/metadata/annotations/" + escaped(entry.getKey()), JSON.valueToTree(entry.getValue()));
            }
        } else {
            add(patch, "/metadata/annotations", JSON.valueToTree(plan.annotations()));
        }
        return patch;
    }

    private static void add(ArrayNode patch, String path, JsonNode value) {
        ObjectNode operation = patch.addObject();
        operation.put("op", "add").put("path", path).set("value", value);
    }

    /** As RFC 6901 has it. */
    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
