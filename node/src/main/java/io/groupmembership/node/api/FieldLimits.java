package io.groupmembership.node.api;

import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.protocol.Limits;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/**
 * Which values the description of the API says that requests may have: never fewer than are taken. What depends on
 * another field, on the state or on the settings is not in it.
 */
final class FieldLimits {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    static final String NAMESPACE = "^" + LABEL + "$";
    static final String GROUP = "^" + LABEL + "(\\." + LABEL + ")*$";
    static final String MEMBER_ID = "^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$";
    static final String KEY = "^(?!\\.\\.?(/|$))[-._:=A-Za-z0-9]+(/(?!\\.\\.?(/|$))[-._:=A-Za-z0-9]+)*$";
    static final String ADDRESS = "^(\\[[0-9A-Fa-f:.]+\\]|[^:\\[\\]]+):[0-9]{1,5}$";
    static final String ENTITY_TAG = "^(\\*|\"[!#-~]*\")$";

    private FieldLimits() {}

    static void addTo(OpenAPI api) {
        Map<String, Schema> schemas = api.getComponents().getSchemas();
        List.of("JoinRequest", "BatchJoinRequest", "EvidenceRequest", "Ended", "Policy")
                .forEach(name -> in(schemas, name)
                        .setAdditionalPropertiesSchema(OASFactory.createSchema().booleanSchema(false)));
        join(in(schemas, "JoinRequest"));
        list(in(schemas, "BatchJoinRequest"), Limits.BATCH_MEMBERS);
        list(in(schemas, "EvidenceRequest"), EvidenceValidation.MOST_MEMBERS);
        text(in(in(schemas, "EvidenceRequest").getProperties(), "by"), Evidence.MAX_TEXT);
        Map<String, Schema> ended = in(schemas, "Ended").getProperties();
        name(in(ended, "memberId"), MEMBER_ID, Limits.MEMBER_ID_CHARACTERS);
        text(in(ended, "detail"), Evidence.MAX_TEXT);
        in(ended, "incarnation").setMinimum(BigDecimal.ONE);
        Map<String, Schema> policy = in(schemas, "Policy").getProperties();
        range(in(policy, "intervalMillis"), GroupPolicy.MIN_INTERVAL_MILLIS, GroupPolicy.MAX_INTERVAL_MILLIS);
        range(in(policy, "misses"), 1, GroupPolicy.MAX_MISSES);
        range(in(policy, "maxMembers"), 1, Limits.MAX_MEMBERS);
        api.getPaths()
                .getPathItems()
                .values()
                .forEach(path -> path.getOperations().values().forEach(FieldLimits::names));
    }

    private static void join(Schema join) {
        Map<String, Schema> fields = join.getProperties();
        name(in(fields, "memberId"), MEMBER_ID, Limits.MEMBER_ID_CHARACTERS);
        name(in(fields, "address"), ADDRESS, Limits.ADDRESS_CHARACTERS);
        text(in(fields, "heartbeatAddress"), Limits.ADDRESS_CHARACTERS);
        in(fields, "heartbeat").setEnumeration(List.of("udp", "tcp", "http"));
        in(fields, "instance").setFormat("uuid");
        in(fields, "replaces").setMinimum(BigDecimal.ONE);
        in(fields, "metadata").setMaxProperties(Limits.METADATA_ENTRIES);
        in(fields, "metadata").setPropertyNames(OASFactory.createSchema().pattern("^[!-~]+$"));
        join.setIfSchema(OASFactory.createSchema()
                .addProperty("heartbeat", OASFactory.createSchema().constValue("udp"))
                .required(List.of("heartbeat")));
        join.setThenSchema(OASFactory.createSchema().required(List.of("instance")));
    }

    private static void names(Operation operation) {
        if (operation.getParameters() == null) {
            return;
        }
        for (Parameter parameter : operation.getParameters()) {
            if (parameter.getIn() == Parameter.In.PATH) {
                Schema schema = OASFactory.createSchema().addType(SchemaType.STRING);
                switch (parameter.getName()) {
                    case "namespace" -> name(schema, NAMESPACE, Limits.NAME_CHARACTERS);
                    case "group" -> name(schema, GROUP, Limits.NAME_CHARACTERS);
                    case "key" -> name(schema, KEY, Limits.KEY_CHARACTERS);
                    default -> name(schema, MEMBER_ID, Limits.MEMBER_ID_CHARACTERS);
                }
                parameter.setSchema(schema);
            }
        }
    }

    private static void name(Schema schema, String pattern, int mostCharacters) {
        schema.setPattern(pattern);
        text(schema, mostCharacters);
    }

    private static void text(Schema schema, int mostCharacters) {
        schema.setMinLength(1);
        schema.setMaxLength(mostCharacters);
    }

    private static void list(Schema schema, int most) {
        in(schema.getProperties(), "members").minItems(1).maxItems(most);
    }

    private static void range(Schema schema, long least, long most) {
        schema.setMinimum(BigDecimal.valueOf(least));
        schema.setMaximum(BigDecimal.valueOf(most));
    }

    /** A build whose schemas have lost one that has limits fails. */
    private static Schema in(Map<String, Schema> schemas, String name) {
        return Optional.ofNullable(schemas.get(name)).orElseThrow(() -> new IllegalStateException("no schema " + name));
    }
}
