package io.groupmembership.node.api;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Result;
import io.groupmembership.node.monitor.MemberKeys;
import io.groupmembership.protocol.api.BatchJoinRequest;
import io.groupmembership.protocol.api.BatchJoinResponse;
import io.groupmembership.protocol.api.JoinRequest;
import io.groupmembership.protocol.api.JoinResponse;
import io.groupmembership.protocol.api.LeaveResponse;
import io.groupmembership.protocol.api.PendingResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Joining and leaving a group. */
@Path("/v1/namespaces/{namespace}/groups/{group}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "members", description = "Join and leave a group")
public class MembersResource {
    /** A body that is longer than this is not read on an event loop. */
    private static final int LONG_BODY_BYTES = 64 * 1024;

    private final Executor readers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("gm-parse-", 0).factory());

    private final Writes writes;

    private final MemberKeys keys;

    private final JoinGuard joinGuard;

    MembersResource(Writes writes, MemberKeys keys, JoinGuard joinGuard) {
        this.joinGuard = joinGuard;
        this.writes = writes;
        this.keys = keys;
    }

    @POST
    @Path("/members")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "join",
            summary = "Join a group",
            description = "Makes a process a member. The same instance again (without an agent: the same words again)"
                    + " is the same membership. Another instance under a living memberId must name in `replaces` the"
                    + " incarnation that it takes the place of.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = JoinRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The process is a member; its incarnation is larger than any before",
            headers =
                    @Header(
                            name = "Location",
                            description = "The membership",
                            schema = @Schema(type = SchemaType.STRING)),
            content = @Content(schema = @Schema(implementation = JoinResponse.class)))
    @APIResponse(
            responseCode = "200",
            description = "This instance was a member already",
            content = @Content(schema = @Schema(implementation = JoinResponse.class)))
    @APIResponse(
            responseCode = "202",
            description = "The incarnation that is replaced may still believe in its membership: it is waited for. Send"
                    + " the same request again after `Retry-After` seconds",
            content = @Content(schema = @Schema(implementation = PendingResponse.class)))
    @APIResponse(responseCode = "409", ref = "Conflict")
    @APIResponse(responseCode = "507", ref = "Full")
    public CompletionStage<Response> join(
            @PathParam("namespace") String namespace,
            @PathParam("group") String groupName,
            @Context RoutingContext http) {
        GroupKey group = ResourceNames.group(namespace, groupName);
        Joiner joiner = JoinValidation.joiner(CollectedBody.json(http, JoinRequest.class));
        return joinGuard
                .admit(http, group, List.of(joiner))
                .thenCompose(_ -> writes.propose(
                        http,
                        List.of(namespace, groupName, "members"),
                        digest -> addTo(digest, joiner),
                        new Command.Join(group, List.of(joiner))))
                .thenApply(result ->
                        joined(group, joiner, ((Result.Joins) result).results().getFirst()));
    }

    private Response joined(GroupKey group, Joiner joiner, Result result) {
        if (result instanceof Result.Refused refused) {
            throw Refusals.problem(refused);
        }
        if (result instanceof Result.Revoked predecessor) {
            return Response.status(202)
                    .header("Retry-After", "1")
                    .entity(new PendingResponse(
                            group.namespace(), group.name(), joiner.spec().memberId(), predecessor.incarnation()))
                    .build();
        }
        Result.Joined joined = (Result.Joined) result;
        Response.ResponseBuilder answer =
                Response.status(JoinAnswers.status(joined)).entity(JoinAnswers.response(group, joiner, joined, keys));
        if (joined.created()) {
            answer.header(
                    "Location",
                    "/v1/namespaces/" + group.namespace() + "/groups/" + group.name() + "/members/"
                            + joiner.spec().memberId());
        }
        return answer.build();
    }

    @POST
    @Path("/members:batch")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "joinBatch",
            summary = "Join up to 1,000 members at once",
            description = "One view has all of them. Each has a result of its own, in order, with the status that it"
                    + " would have had alone. If the request itself is wrong anywhere, nobody joins.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = BatchJoinRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "A result for each member, in order",
            content = @Content(schema = @Schema(implementation = BatchJoinResponse.class)))
    public CompletionStage<Response> joinBatch(
            @PathParam("namespace") String namespace,
            @PathParam("group") String groupName,
            @Context RoutingContext http) {
        GroupKey group = ResourceNames.group(namespace, groupName);
        byte[] body = CollectedBody.bytes(http);
        Supplier<List<Joiner>> parse = () -> JoinValidation.joiners(CollectedBody.json(http, BatchJoinRequest.class));
        CompletableFuture<List<Joiner>> joiners = body.length <= LONG_BODY_BYTES
                ? CompletableFuture.completedFuture(parse.get())
                : CompletableFuture.supplyAsync(parse, readers);
        return joiners.thenCompose(checked -> joinGuard
                .admit(http, group, checked)
                .thenCompose(_ -> writes.propose(
                        http,
                        List.of(namespace, groupName, "members:batch"),
                        digest -> checked.forEach(joiner -> addTo(digest, joiner)),
                        new Command.Join(group, checked)))
                .thenApply(result -> Response.ok(
                                JoinAnswers.batch(group, checked, ((Result.Joins) result).results(), keys))
                        .build()));
    }

    @DELETE
    @Path("/members/{memberId}")
    @Operation(
            operationId = "leave",
            summary = "Leave a group",
            description = "Ends a membership. With its incarnation this is the member's own goodbye, and it is out at"
                    + " once, with the reason `left`. Without, a member with a lease is confirmed no more, and out when"
                    + " its lease has run out, with the reason `evicted`. With its instance this is the goodbye of a process"
                    + " that does not know whether its join was accepted, or that waits for its place. A join that is still"
                    + " under way may be accepted afterwards, and ends as a crash does.")
    @Parameter(
            name = "incarnation",
            in = ParameterIn.QUERY,
            description =
                    "The incarnation that leaves: guards against leaving for a successor. Whoever has the memberId"
                            + " now, if absent.",
            schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "1"))
    @Parameter(
            name = "instance",
            in = ParameterIn.QUERY,
            description = "In place of the incarnation: the instance of the join that is withdrawn",
            schema = @Schema(type = SchemaType.STRING, format = "uuid"))
    @APIResponse(
            responseCode = "200",
            description = "The membership has ended; the view is the first without it",
            content = @Content(schema = @Schema(implementation = LeaveResponse.class)))
    @APIResponse(
            responseCode = "202",
            description = "The member may still believe in its membership: it will be out when its lease has run out",
            content = @Content(schema = @Schema(implementation = PendingResponse.class)))
    @APIResponse(
            responseCode = "204",
            description = "The instance was not in, and does not wait for its place any more")
    @APIResponse(responseCode = "404", ref = "NotFound")
    @APIResponse(responseCode = "409", ref = "Conflict")
    public CompletionStage<Response> leave(
            @PathParam("namespace") String namespace,
            @PathParam("group") String groupName,
            @PathParam("memberId") String memberId,
            @Context RoutingContext http) {
        GroupKey group = ResourceNames.group(namespace, groupName);
        String id = ResourceNames.memberId(memberId);
        OptionalLong guard = Incarnations.parse(QueryParameters.single(http, "incarnation"));
        Optional<UUID> instance = QueryParameters.single(http, "instance").map(JoinValidation::instanceParameter);
        if (guard.isPresent() && instance.isPresent()) {
            throw Problems.invalidParameter("instance", "only without incarnation, which names the membership already");
        }
        Command command = instance.<Command>map(one -> new Command.Withdraw(group, id, one))
                .orElseGet(() -> new Command.Leave(group, id, guard));
        return writes.propose(
                        http,
                        List.of(namespace, groupName, "members", id),
                        digest -> digest.add(guard.orElse(0))
                                .add(instance.map(UUID::toString).orElse(null)),
                        command)
                .thenApply(result -> {
                    if (result instanceof Result.Done) {
                        return Response.noContent().build();
                    }
                    if (result instanceof Result.Refused refused) {
                        throw Refusals.problem(refused);
                    }
                    if (result instanceof Result.Revoked revoked) {
                        return Response.status(202)
                                .entity(new PendingResponse(group.namespace(), group.name(), id, revoked.incarnation()))
                                .build();
                    }
                    Result.Left left = (Result.Left) result;
                    return Response.ok(new LeaveResponse(
                                    group.namespace(), group.name(), id, left.incarnation(), left.view()))
                            .build();
                });
    }

    private static void addTo(RequestDigest digest, Joiner joiner) {
        digest.add(joiner.spec().memberId())
                .add(joiner.spec().address())
                .add(joiner.spec().mode().word())
                .add(joiner.spec().heartbeatAddress())
                .add(joiner.spec().instance().map(Object::toString).orElse(null))
                .add(joiner.replaces().orElse(0))
                .add(joiner.spec().metadata());
    }
}
