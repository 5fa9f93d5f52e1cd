package io.groupmembership.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.groupmembership.crds.CrdYaml.Place;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The form of the CRDs: what a reader of the files and of {@code kubectl explain} relies on. */
class SchemaFormTest {
    private static final List<String> KEY_ORDER = List.of(
            "type",
            "x-kubernetes-int-or-string",
            "format",
            "description",
            "required",
            "default",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "enum",
            "maxItems",
            "maxProperties",
            "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-map-type",
            "x-kubernetes-validations",
            "additionalProperties",
            "items",
            "properties");

    static Stream<CrdYaml> crds() {
        return Stream.of(CrdYaml.cluster(), CrdYaml.group());
    }

    static Stream<Place> places() {
        return crds().flatMap(crd -> crd.places().stream());
    }

    @Test
    void theNamesAreThoseOfTheJavaClasses() {
        assertNames(CrdYaml.cluster(), GroupMembershipCluster.class);
        assertNames(CrdYaml.group(), Group.class);
    }

    private static void assertNames(CrdYaml yaml, Class<? extends CustomResource<?, ?>> type) {
        JsonNode crd = yaml.crd();
        JsonNode names = crd.at("/spec/names");
        String kind = HasMetadata.getKind(type);
        assertThat(crd.at("/apiVersion").asText()).isEqualTo("apiextensions.k8s.io/v1");
        assertThat(crd.at("/kind").asText()).isEqualTo("CustomResourceDefinition");
        assertThat(crd.at("/metadata/name").asText()).isEqualTo(CustomResource.getCRDName(type));
        assertThat(crd.at("/spec/group").asText()).isEqualTo(HasMetadata.getGroup(type));
        assertThat(crd.at("/spec/scope").asText()).isEqualTo("Namespaced");
        assertThat(names.at("/kind").asText()).isEqualTo(kind);
        assertThat(names.at("/listKind").asText()).isEqualTo(kind + "List");
        assertThat(names.at("/plural").asText()).isEqualTo(HasMetadata.getPlural(type));
        assertThat(names.at("/singular").asText()).isEqualTo(HasMetadata.getSingular(type));
        assertThat(texts(names.at("/shortNames"))).containsExactly(CustomResource.getShortNames(type));
        assertThat(texts(names.at("/categories"))).containsExactly(CustomResource.getCategories(type));
        assertThat(crd.at("/spec/versions")).hasSize(1);
        assertThat(yaml.version().at("/name").asText()).isEqualTo(HasMetadata.getVersion(type));
        assertThat(yaml.version().at("/served").asBoolean()).isTrue();
        assertThat(yaml.version().at("/storage").asBoolean()).isTrue();
        assertThat(yaml.version().at("/subresources").has("status")).isTrue();
    }

    @Test
    void keysHaveOneOrderEverywhere() {
        assertThat(places()).allSatisfy(place -> {
            List<String> keys =
                    place.schema().propertyStream().map(Map.Entry::getKey).toList();
            assertThat(KEY_ORDER).containsAll(keys).containsSubsequence(keys);
        });
    }

    @Test
    void everyFieldSaysWhatItIs() {
        assertThat(places())
                .filteredOn(
                        place -> !place.path().endsWith("]") && !place.path().endsWith("}"))
                .filteredOn(place -> !place.path().equals(".metadata"))
                .allSatisfy(place ->
                        assertThat(place.schema().path("description").asText()).matches("\\S.*\\."));
    }

    /** So the cost of the rules is bounded, and the size of an object. */
    @Test
    void everyValueIsBounded() {
        assertThat(places())
                .filteredOn(place ->
                        !place.path().equals(".apiVersion") && !place.path().equals(".kind"))
                .allSatisfy(place -> assertBounded(place.schema()));
    }

    private static void assertBounded(JsonNode schema) {
        switch (schema.path("type").asText(schema.has("x-kubernetes-int-or-string") ? "quantity" : "none")) {
            case "quantity" ->
                assertThat(schema.has("maxLength") && schema.has("pattern")).isTrue();
            case "string" ->
                assertThat(schema.has("maxLength") || schema.has("enum") || schema.has("format"))
                        .isTrue();
            case "integer" -> assertThat(schema.path("format").asText()).isIn("int32", "int64");
            case "array" -> {
                assertThat(schema.has("maxItems")).isTrue();
                assertThat(schema.path("x-kubernetes-list-type").asText()).isIn("atomic", "map");
            }
            case "object" -> assertThat(schema.has("maxProperties")).isEqualTo(schema.has("additionalProperties"));
            case "boolean" -> {}
            default -> throw new AssertionError("no type");
        }
    }

    @Test
    void everyRuleHasOneLineForThePersonWhoBreaksIt() {
        assertThat(places())
                .flatExtracting(place -> place.schema()
                        .path("x-kubernetes-validations")
                        .valueStream()
                        .toList())
                .isNotEmpty()
                .allSatisfy(rule -> {
                    assertThat(rule.path("rule").asText()).isNotBlank();
                    assertThat(rule.path("message").asText()).isNotBlank().doesNotContain("\n");
                });
    }

    @Test
    void keysOfListsAreRequired() {
        assertThat(places())
                .allSatisfy(place -> assertThat(texts(place.schema().at("/items/required")))
                        .containsAll(texts(place.schema().path("x-kubernetes-list-map-keys"))));
    }

    @ParameterizedTest
    @MethodSource("crds")
    void columnsAndSubresourcesNameFieldsThatAreThere(CrdYaml crd) {
        Stream<String> columns = crd.version().at("/additionalPrinterColumns").findValuesAsText("jsonPath").stream();
        Stream<String> scale =
                crd.version().at("/subresources/scale").valueStream().map(JsonNode::asText);
        List<String> fields = crd.places().stream().map(Place::path).toList();
        assertThat(Stream.concat(columns, scale).map(path -> path.replaceAll("\\[\\?\\(.*\\)]", "[]")))
                .isNotEmpty()
                .allMatch(path -> path.equals(".metadata.creationTimestamp") || fields.contains(path));
    }

    @Test
    void theColumnsAreWhatThePagesShow() {
        assertThat(columns(CrdYaml.cluster(), 0))
                .containsExactly("Desired", "Ready", "Leader", "Groups", "Members", "Age");
        assertThat(columns(CrdYaml.cluster(), 1)).containsExactly("Term", "Image", "Reason");
        assertThat(columns(CrdYaml.group(), 0)).containsExactly("Members", "View", "Leader", "Changed", "Age");
        assertThat(columns(CrdYaml.group(), 1)).containsExactly("Cluster", "Service");
    }

    private static List<String> columns(CrdYaml crd, int priority) {
        return crd.version()
                .at("/additionalPrinterColumns")
                .valueStream()
                .filter(column -> column.path("priority").asInt() == priority)
                .map(column -> column.path("name").asText())
                .toList();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }
}
