package io.groupmembership.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The YAML and the Java model say the same, field by field, in the same order, with the same defaults. */
class ModelAgreementTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        new KubernetesSerialization(JSON, false);
    }

    @Test
    void theClustersSchemaAndModelAgree() {
        agree("spec", CrdYaml.cluster().spec(), GroupMembershipClusterSpec.class);
        agree("status", CrdYaml.cluster().status(), GroupMembershipClusterStatus.class);
    }

    @Test
    void theGroupsSchemaAndModelAgree() {
        agree("spec", CrdYaml.group().spec(), GroupSpec.class);
        agree("status", CrdYaml.group().status(), GroupStatus.class);
        assertThat(CrdYaml.group().status().at("/properties/memberIds/maxItems").asInt())
                .isEqualTo(GroupStatus.MAX_MEMBER_IDS);
        assertThat(CrdYaml.group()
                        .status()
                        .at("/properties/conditions/items/properties/message/maxLength")
                        .asInt())
                .isEqualTo(Conditions.MAX_MESSAGE);
    }

    @Test
    void anEmptySpecMeansInJavaWhatTheApiServerMakesOfIt() throws Exception {
        ObjectNode filled = CrdYaml.withDefaults(CrdYaml.cluster().spec(), JSON.createObjectNode());

        JsonNode inJava = asJson(effective(GroupMembershipClusterSpec.EMPTY));

        assertThat(inJava).isEqualTo(filled);
        assertThat(JSON.convertValue(filled, GroupMembershipClusterSpec.class).heartbeatOrDefault())
                .isEqualTo(Heartbeat.DEFAULT);
    }

    @Test
    void aPartOfAnObjectIsFilledInInJavaAsByTheApiServer() throws Exception {
        String part =
                "{\"storage\":{\"whenScaled\":\"Delete\"},\"heartbeat\":{\"misses\":5},\"sidecar\":{\"startup\":\"agent\"}}";
        ObjectNode filled = CrdYaml.withDefaults(CrdYaml.cluster().spec(), (ObjectNode) JSON.readTree(part));

        JsonNode inJava = asJson(effective(JSON.readValue(part, GroupMembershipClusterSpec.class)));

        assertThat(inJava).isEqualTo(filled);
    }

    @Test
    void aGroupHasNoDefaultsAsItsClusterDecides() {
        assertThat(CrdYaml.withDefaults(CrdYaml.group().spec(), JSON.createObjectNode()))
                .isEmpty();
    }

    /** What the accessors say of a record: {@code xOrDefault()} where there is one, and the component elsewhere. */
    private static @Nullable Object effective(@Nullable Object value) throws ReflectiveOperationException {
        if (value == null || !value.getClass().isRecord()) {
            return value;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String accessor = hasMethod(value, component.getName() + "OrDefault")
                    ? component.getName() + "OrDefault"
                    : component.getName();
            Object field = effective(value.getClass().getMethod(accessor).invoke(value));
            if (field != null && !field.equals(Map.of()) && !field.equals(List.of())) {
                fields.put(component.getName(), field);
            }
        }
        return fields;
    }

    private static JsonNode asJson(@Nullable Object value) throws IOException {
        return JSON.readTree(JSON.writeValueAsString(value));
    }

    private static boolean hasMethod(Object value, String name) {
        return Arrays.stream(value.getClass().getMethods())
                .anyMatch(method -> method.getName().equals(name));
    }

    private static void agree(String path, JsonNode schema, Type type) {
        switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class -> {
                assertType(path, schema, "array", "");
                agree(path + "[]", schema.path("items"), list.getActualTypeArguments()[0]);
            }
            case ParameterizedType map
            when map.getRawType() == Map.class -> {
                assertType(path, schema, "object", "");
                agree(path + "{}", schema.path("additionalProperties"), map.getActualTypeArguments()[1]);
            }
            case Class<?> c
            when c == String.class -> {
                String format = schema.path("format").asText();
                assertType(path, schema, "string", path.endsWith("lastTransitionTime") ? "date-time" : "");
                assertThat(format).as(path).isIn("", "date-time");
            }
            case Class<?> c when c == Integer.class || c == int.class -> assertType(path, schema, "integer", "int32");
            case Class<?> c when c == Long.class || c == long.class -> assertType(path, schema, "integer", "int64");
            case Class<?> c when c == boolean.class -> assertType(path, schema, "boolean", "");
            case Class<?> c when c == Instant.class -> assertType(path, schema, "string", "date-time");
            case Class<?> c
            when c == Quantity.class ->
                assertThat(schema.path("x-kubernetes-int-or-string").asBoolean())
                        .as(path)
                        .isTrue();
            case Class<?> c
            when c.isEnum() -> {
                assertType(path, schema, "string", "");
                assertThat(schema.path("enum")).as(path).isEqualTo(JSON.valueToTree(c.getEnumConstants()));
            }
            case Class<?> c
            when c.isRecord() -> {
                assertType(path, schema, "object", "");
                agreeOnFields(path, schema, c);
            }
            case Class<?> c -> {
                assertThat(c.getName()).as(path).startsWith("io.fabric8.kubernetes.api.model.");
                assertType(path, schema, "object", "");
                agreeOnPartOf(path, schema, c);
            }
            default -> throw new AssertionError(path + " is of type " + type);
        }
    }

    /** A record of ours: all fields, in the same order; required is what can't be null. */
    private static void agreeOnFields(String path, JsonNode schema, Class<?> type) {
        List<String> names = new ArrayList<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            names.add(component.getName());
            boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                    || component.getType() == List.class
                    || component.getType() == Map.class;
            if (!optional) {
                required.add(component.getName());
            }
            agree(
                    path + "." + component.getName(),
                    schema.path("properties").path(component.getName()),
                    component.getGenericType());
        }
        assertThat(schema.path("properties").propertyStream().map(Map.Entry::getKey))
                .as(path)
                .containsExactlyElementsOf(names);
        assertThat(schema.path("required").valueStream().map(JsonNode::asText))
                .as(path + " required")
                .containsExactlyElementsOf(required);
    }

    /** A class of Kubernetes' own: what the schema has of it, it has; the schema may leave out the rest. */
    private static void agreeOnPartOf(String path, JsonNode schema, Class<?> type) {
        BeanDescription bean =
                JSON.getSerializationConfig().introspect(JSON.getTypeFactory().constructType(type));
        Map<String, Type> properties = new LinkedHashMap<>();
        for (BeanPropertyDefinition property : bean.findProperties()) {
            if (property.hasGetter()) {
                properties.put(
                        property.getName(), property.getGetter().getAnnotated().getGenericReturnType());
            }
        }
        assertThat(schema.path("properties")).as(path).isNotEmpty();
        schema.path("properties").properties().forEach(property -> {
            Type component = properties.get(property.getKey());
            assertThat(component).as(path + "." + property.getKey()).isNotNull();
            agree(path + "." + property.getKey(), property.getValue(), component);
        });
    }

    private static void assertType(String path, JsonNode schema, String type, String format) {
        assertThat(schema.path("type").asText()).as(path + " type").isEqualTo(type);
        assertThat(schema.path("format").asText()).as(path + " format").isEqualTo(format);
    }
}
