package io.groupmembership.node.api;

import io.groupmembership.protocol.Limits;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Adds to the description of the API what holds of every request, and what is served beside the resources: the problems,
 * the idempotency key, the consistency of reads, and the streams.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class OpenApiCompletion implements OASFilter {
    private static final String GROUP_PATH = "/v1/namespaces/{namespace}/groups/{group}";

    private static final Map<String, String> PROBLEMS = Map.ofEntries(
            Map.entry("BadRequest", "The request is wrong: `field` names the field, header or parameter"),
            Map.entry("Unauthenticated", "It is not known who asks; never where access is open"),
            Map.entry("Forbidden", "The caller may not do this; the detail says what"),
            Map.entry("NotFound", "What the path names does not exist"),
            Map.entry("NotAcceptable", "The answer has none of the types that Accept names"),
            Map.entry("Conflict", "The state of the group does not allow it; `incarnation` is the one that lives"),
            Map.entry(
                    "ConditionFailed",
                    "If-Match or If-None-Match does not hold; the header ETag has the version of now"),
            Map.entry("BodyTooLarge", "The body is larger than 4 MiB, or a value larger than 512 KiB"),
            Map.entry("KeyReused", "The Idempotency-Key came with another request before"),
            Map.entry(
                    "Overloaded",
                    "More requests wait than the node takes on, or the caller sends more than one may; nothing was changed"),
            Map.entry(
                    "Unavailable",
                    "No majority of the nodes answered in time, or nobody can say what the caller may; the detail says whether the outcome is unknown"),
            Map.entry("Full", "The cluster takes no more groups or values"));

    @Override
    public void filterOpenAPI(OpenAPI api) {
        addComponents(api);
        addStreams(api);
        FieldDescriptions.addTo(api);
        FieldLimits.addTo(api);
        api.getPaths()
                .getPathItems()
                .forEach((path, item) ->
                        item.getOperations().forEach((method, operation) -> complete(path, method, operation)));
        AccessDescription.addTo(api);
    }

    private static void addComponents(OpenAPI api) {
        Components components = api.getComponents();
        // in an order, so that two builds are the same
        new TreeMap<>(PROBLEMS)
                .forEach((name, description) -> components.addResponse(name, problem(name, description)));
        components.addResponse(
                "UnsupportedMediaType", problem("UnsupportedMediaType", "Content-Type is not application/json"));
        components.addResponse("Internal", problem("Internal", "The node failed; its log says why"));
        // found before anything looks at the path, so without a problem
        components.addResponse("UriTooLong", empty("The request line is longer than 4 KiB; the answer has no body"));
        components.addResponse("HeadersTooLarge", empty("The headers are larger than 16 KiB; the answer has no body"));
        components.addSchema(
                "Event",
                OASFactory.createSchema()
                        .addType(SchemaType.OBJECT)
                        .addProperty("event", type(SchemaType.STRING).enumeration(List.of("snapshot", "view", "reset")))
                        .addProperty("id", type(SchemaType.STRING).pattern("^[0-9]+$"))
                        .addProperty("data", type(SchemaType.STRING).contentMediaType("application/json"))
                        .description(
                                "One of the server-sent events of the stream. `snapshot`: a whole View, to a new watcher. `view`: a ViewChange, what"
                                        + " one view changed against the one before. `reset`: a whole View, where the changes since"
                                        + " Last-Event-ID are no longer known: what was known before is void. The id is the view number"
                                        + " on a group's stream, the log index on the stream of everything, where only the last event"
                                        + " of an index has one. A comment comes every 15 seconds."));
        components.addSchema("ViewChange", viewChange());
    }

    private static Schema viewChange() {
        Schema left = OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .addProperty("memberId", type(SchemaType.STRING))
                .addProperty("incarnation", type(SchemaType.INTEGER).format("int64"))
                .addProperty(
                        "reason",
                        type(SchemaType.STRING).enumeration(List.of("left", "crashed", "evicted", "replaced")));
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .description("What one view changed against the view before it")
                .addProperty("namespace", type(SchemaType.STRING))
                .addProperty("group", type(SchemaType.STRING))
                .addProperty("view", type(SchemaType.INTEGER).format("int64"))
                .addProperty("leader", type(SchemaType.STRING).description("absent in an empty view"))
                .addProperty(
                        "joined",
                        type(SchemaType.ARRAY).items(OASFactory.createSchema().ref("Member")))
                .addProperty("left", type(SchemaType.ARRAY).items(left));
    }

    private static void addStreams(OpenAPI api) {
        Operation watchAll = OASFactory.createOperation()
                .operationId("watchEverything")
                .addTag("watch")
                .summary("A stream of every group's changes")
                .description("Begins with one `snapshot` for each group. Resumed by Last-Event-ID, a log index.")
                .addParameter(lastEventId())
                .responses(OASFactory.createAPIResponses()
                        .addAPIResponse(
                                "200",
                                OASFactory.createAPIResponse()
                                        .description("A stream that does not end")
                                        .content(content("text/event-stream", "Event"))));
        api.getPaths().addPathItem("/v1/watch", OASFactory.createPathItem().GET(watchAll));
        api.addTag(OASFactory.createTag().name("watch").description("Streams of changes, as server-sent events"));
        Operation view = api.getPaths().getPathItem(GROUP_PATH).getGET();
        view.addTag("watch")
                .addParameter(query("watch", "`true` asks for a stream of server-sent events")
                        .schema(type(SchemaType.BOOLEAN).defaultValue(false)))
                .addParameter(lastEventId());
    }

    private static Parameter lastEventId() {
        return header("Last-Event-ID", "With a stream: the id of the last event that the client has")
                .schema(type(SchemaType.INTEGER).minimum(BigDecimal.ZERO));
    }

    private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
        if (!path.startsWith("/v1/")) {
            return;
        }
        refer(operation, "400", "BadRequest");
        refer(operation, "414", "UriTooLong");
        refer(operation, "431", "HeadersTooLarge");
        refer(operation, "500", "Internal");
        if (method == PathItem.HttpMethod.GET) {
            refer(operation, "406", "NotAcceptable");
            if (!path.equals("/v1/raft")) {
                consistency(operation);
            }
            if (path.contains("/kv/")) {
                operation.addParameter(header("If-None-Match", "`\"version\"`: answer 304 if the key still has it")
                        .schema(entityTag()));
            }
            return;
        }
        refer(operation, "413", "BodyTooLarge");
        refer(operation, "422", "KeyReused");
        operation.addParameter(header(
                        "Idempotency-Key",
                        "Names the request, 1 to 128 printable ASCII characters: sent again with the same key, it gets"
                                + " the same answer and changes nothing, on every node and across restarts")
                .schema(type(SchemaType.STRING)
                        .pattern("^[ -~]+$")
                        .minLength(1)
                        .maxLength(Limits.IDEMPOTENCY_KEY_CHARACTERS)));
        if (path.contains("/kv/")) {
            operation.addParameter(header("If-Match", "`*`: only if the key exists; `\"version\"`: only if it has it")
                    .schema(entityTag()));
            operation.addParameter(header(
                            "If-None-Match",
                            "`*`: only if the key does not exist; `\"version\"`: only if it has another")
                    .schema(entityTag()));
        } else if (operation.getRequestBody() != null) {
            refer(operation, "415", "UnsupportedMediaType");
        }
    }

    private static void consistency(Operation operation) {
        if (operation.getParameters() != null) {
            operation.getParameters().stream()
                    .filter(parameter -> "consistency".equals(parameter.getName()))
                    .toList()
                    .forEach(operation::removeParameter);
        }
        operation.addParameter(query(
                        "consistency",
                        "`stale`: what this node has applied, without asking the others; linearizable if absent")
                .schema(type(SchemaType.STRING).enumeration(List.of("stale"))));
    }

    /** Adds a response, unless the operation describes one itself; one that was made up for it has no content. */
    static void refer(Operation operation, String status, String response) {
        APIResponse there = operation.getResponses().getAPIResponse(status);
        if (there == null || (there.getRef() == null && there.getContent() == null)) {
            operation
                    .getResponses()
                    .addAPIResponse(status, OASFactory.createAPIResponse().ref(response));
        }
    }

    private static APIResponse empty(String description) {
        return OASFactory.createAPIResponse().description(description);
    }

    private static APIResponse problem(String name, String description) {
        APIResponse response = OASFactory.createAPIResponse()
                .description(description)
                .content(content(Problems.MEDIA_TYPE, "Problem"));
        if (name.equals("Overloaded") || name.equals("Unavailable")) {
            response.addHeader(
                    "Retry-After",
                    OASFactory.createHeader()
                            .description("seconds until it is worth asking again")
                            .schema(type(SchemaType.INTEGER)));
        }
        return response;
    }

    private static Content content(String mediaType, String schema) {
        return OASFactory.createContent()
                .addMediaType(
                        mediaType,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref(schema)));
    }

    private static Parameter query(String name, String description) {
        return OASFactory.createParameter().name(name).in(Parameter.In.QUERY).description(description);
    }

    private static Parameter header(String name, String description) {
        return OASFactory.createParameter().name(name).in(Parameter.In.HEADER).description(description);
    }

    private static Schema entityTag() {
        return type(SchemaType.STRING).pattern(FieldLimits.ENTITY_TAG);
    }

    private static Schema type(SchemaType type) {
        return OASFactory.createSchema().addType(type);
    }
}
