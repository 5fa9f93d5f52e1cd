package io.groupmembership.node.api;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.KvCondition;
import io.groupmembership.membership.KvEntry;
import io.groupmembership.membership.Result;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.api.KeyVersion;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The key-value store: linearizable put, get, delete and compare-and-set. */
@Path("/v1/namespaces/{namespace}/kv/{key:.+}")
@Tag(name = "kv", description = "A linearizable key-value store; values are raw bytes, up to 512 KiB")
public class KeyValueResource {
    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";

    private final Reads reads;
    private final Writes writes;

    KeyValueResource(Reads reads, Writes writes) {
        this.reads = reads;
        this.writes = writes;
    }

    @GET
    @Operation(
            operationId = "getValue",
            summary = "The value of a key",
            description = "The bytes as they were put. The entity tag is the version, which no write ever repeats.")
    @APIResponse(
            responseCode = "200",
            description = "The value",
            headers = @Header(name = "ETag", description = "The version", schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "304", description = "If-None-Match names the version that the key has")
    @APIResponse(responseCode = "404", ref = "NotFound")
    public CompletionStage<Response> get(
            @PathParam("namespace") String namespace, @PathParam("key") String key, @Context RoutingContext http) {
        String storeKey = ResourceNames.storeKey(namespace, key);
        KvCondition condition =
                EntityTags.condition(Optional.empty(), RequestHeaders.single(http.request(), IF_NONE_MATCH));
        return reads.read(http, state -> state.kv(storeKey))
                .thenApply(found -> answer(
                        found.orElseThrow(() -> Problems.notFound("key-not-found", "the key does not exist")),
                        condition));
    }

    private static Response answer(KvEntry entry, KvCondition condition) {
        Response.ResponseBuilder answer = condition.holds(entry.version())
                ? Response.ok(entry.value(), MediaType.APPLICATION_OCTET_STREAM_TYPE)
                : Response.notModified();
        return answer.header("ETag", EntityTags.of(entry.version())).build();
    }

    @PUT
    @Operation(
            operationId = "putValue",
            summary = "Write a value",
            description = "Without a condition, always. `If-None-Match: *` creates only; `If-Match: \"version\"` is a"
                    + " compare-and-set.")
    @RequestBody(
            description = "The value: any bytes of any type",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(
            responseCode = "201",
            description = "The key is new",
            headers = @Header(name = "ETag", description = "The version", schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = KeyVersion.class)))
    @APIResponse(
            responseCode = "200",
            description = "The key has a new value",
            headers = @Header(name = "ETag", description = "The version", schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = KeyVersion.class)))
    @APIResponse(responseCode = "412", ref = "ConditionFailed")
    @APIResponse(responseCode = "507", ref = "Full")
    public CompletionStage<Response> put(
            @PathParam("namespace") String namespace, @PathParam("key") String key, @Context RoutingContext http) {
        String storeKey = ResourceNames.storeKey(namespace, key);
        KvCondition condition = condition(http.request());
        byte[] value = CollectedBody.bytes(http);
        if (value.length > Limits.VALUE_BYTES) {
            throw Problems.bodyTooLarge(Limits.VALUE_BYTES);
        }
        return writes.propose(
                        http,
                        List.of(namespace, "kv", key),
                        digest -> digest.add(condition.toString()).add(value),
                        new Command.KvPut(storeKey, value, condition))
                .thenApply(result -> {
                    if (result instanceof Result.Refused refused) {
                        throw Refusals.problem(refused);
                    }
                    Result.Written written = (Result.Written) result;
                    return Response.status(written.created() ? 201 : 200)
                            .type(MediaType.APPLICATION_JSON_TYPE)
                            .header("ETag", EntityTags.of(written.version()))
                            .entity(StrictJson.write(new KeyVersion(namespace, key, written.version())))
                            .build();
                });
    }

    @DELETE
    @Operation(
            operationId = "deleteValue",
            summary = "Delete a key",
            description = "With `If-Match: \"version\"` only if it still has this version.")
    @APIResponse(responseCode = "204", description = "The key is gone")
    @APIResponse(responseCode = "404", ref = "NotFound")
    @APIResponse(responseCode = "412", ref = "ConditionFailed")
    public CompletionStage<Response> delete(
            @PathParam("namespace") String namespace, @PathParam("key") String key, @Context RoutingContext http) {
        String storeKey = ResourceNames.storeKey(namespace, key);
        KvCondition condition = condition(http.request());
        return writes.propose(
                        http,
                        List.of(namespace, "kv", key),
                        digest -> digest.add(condition.toString()),
                        new Command.KvDelete(storeKey, condition))
                .thenApply(result -> {
                    if (result instanceof Result.Refused refused) {
                        throw Refusals.problem(refused);
                    }
                    return Response.noContent().build();
                });
    }

    private static KvCondition condition(HttpServerRequest request) {
        return EntityTags.condition(
                RequestHeaders.single(request, IF_MATCH), RequestHeaders.single(request, IF_NONE_MATCH));
    }
}
