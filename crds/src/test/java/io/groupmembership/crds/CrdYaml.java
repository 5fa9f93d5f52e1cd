package io.groupmembership.crds;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A CRD as it is in the jar, and what the API server would make of it. */
record CrdYaml(String file, JsonNode crd) {
    static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    static CrdYaml cluster() {
        return read("groupmembershipclusters.yaml");
    }

    static CrdYaml group() {
        return read("groups.yaml");
    }

    private static CrdYaml read(String file) {
        try (InputStream in = Objects.requireNonNull(CrdYaml.class.getResourceAsStream(file), file)) {
            return new CrdYaml(file, YAML.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    JsonNode version() {
        return crd.at("/spec/versions/0");
    }

    JsonNode root() {
        return version().at("/schema/openAPIV3Schema");
    }

    JsonNode spec() {
        return root().at("/properties/spec");
    }

    JsonNode status() {
        return root().at("/properties/status");
    }

    /** Every schema in the tree, the root's under the empty path. */
    List<Place> places() {
        List<Place> places = new ArrayList<>();
        collect("", root(), places);
        return places;
    }

    private static void collect(String path, JsonNode schema, List<Place> places) {
        places.add(new Place(path, schema));
        schema.path("properties").properties().forEach(e -> collect(path + "." + e.getKey(), e.getValue(), places));
        if (schema.has("items")) {
            collect(path + "[]", schema.get("items"), places);
        }
        if (schema.has("additionalProperties")) {
            collect(path + "{}", schema.get("additionalProperties"), places);
        }
    }

    /** The messages of all rules. */
    List<String> ruleMessages() {
        return places().stream()
                .flatMap(
                        place -> place.schema().path("x-kubernetes-validations").valueStream())
                .map(rule -> rule.path("message").asText())
                .toList();
    }

    /** A schema, and where it is: {@code .spec.storage.size}, with [] for items of a list and {} for values of a map. */
    record Place(String path, JsonNode schema) {
        @Override
        public String toString() {
            return path;
        }
    }

    /** Fills in defaults from the outside in, as the API server does. */
    static ObjectNode withDefaults(JsonNode schema, ObjectNode object) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode value = property.getValue();
            if (!object.has(property.getKey()) && value.has("default")) {
                object.set(property.getKey(), value.get("default").deepCopy());
            }
            if (object.get(property.getKey()) instanceof ObjectNode inner) {
                withDefaults(value, inner);
            }
        }
        return object;
    }
}
