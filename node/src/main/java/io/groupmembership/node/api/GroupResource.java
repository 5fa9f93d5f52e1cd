package io.groupmembership.node.api;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.RemovalRecord;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.protocol.api.Policy;
import io.groupmembership.protocol.api.Removal;
import io.groupmembership.protocol.api.View;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** One group: its view, its policy, and how its memberships ended. */
@Path("/v1/namespaces/{namespace}/groups/{group}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "groups", description = "Views, policies, and why memberships ended")
public class GroupResource {
    private final Reads reads;
    private final Writes writes;
    private final EncodedBodies bodies;
    private final ClusterTiming timing;

    GroupResource(Reads reads, Writes writes, EncodedBodies bodies, ClusterTiming timing) {
        this.timing = timing;
        this.reads = reads;
        this.writes = writes;
        this.bodies = bodies;
    }

    /** With {@code watch=true} the request never comes here: the streams of changes have a route of their own. */
    @GET
    @Operation(
            operationId = "getView",
            summary = "The view of a group, or a stream of its changes",
            description = "The numbered member list, members in join order. With `watch=true` the answer is a stream of"
                    + " server-sent events that does not end: see the tag *watch*.")
    @APIResponse(
            responseCode = "200",
            description = "The view; with `watch=true` a stream of events",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = View.class)),
                @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(ref = "Event"))
            })
    @APIResponse(responseCode = "404", ref = "NotFound")
    public CompletionStage<Response> view(
            @PathParam("namespace") String namespace,
            @PathParam("group") String groupName,
            @Context RoutingContext http) {
        GroupKey group = ResourceNames.group(namespace, groupName);
        return LargeAnswers.of(
                http, reads.read(http, state -> ViewReading.of(state, group)).thenCompose(reading -> {
                    if (!reading.known()) {
                        throw Problems.notFound("unknown-group", "nobody has ever joined the group " + group);
                    }
                    return bodies.view(reading);
                }));
    }

    @GET
    @Path("/removals/{memberId}")
    @Operation(
            operationId = "getRemoval",
            summary = "Why a membership ended",
            description = "The evidence record of the last removal under this memberId. The cluster keeps the latest"
                    + " 20,000.")
    @APIResponse(
            responseCode = "200",
            description = "The record",
            content = @Content(schema = @Schema(implementation = Removal.class)))
    @APIResponse(responseCode = "404", ref = "NotFound")
    public CompletionStage<Removal> removal(
            @PathParam("namespace") String namespace,
            @PathParam("group") String groupName,
            @PathParam("memberId") String memberId,
            @Context RoutingContext http) {
        GroupKey group = ResourceNames.group(namespace, groupName);
        String id = ResourceNames.memberId(memberId);
        return reads.read(http, state -> state.removal(group, id))
                .thenApply(record -> record.map(GroupResource::removal)
                        .orElseThrow(() -> Problems.notFound(
                                "unknown-removal", "no removal of " + id + " from " + group + " is on record")));
    }

    private static Removal removal(RemovalRecord record) {
        long silentMillis = record.evidence().lastAckMillisAgo();
        return new Removal(
                record.memberId(),
                record.incarnation(),
                record.view(),
                record.reason().word(),
                record.monitor(),
                record.committedBy(),
                Instant.ofEpochMilli(record.removedAtMillis()).toString(),
                silentMillis < 0 ? null : silentMillis,
                record.evidence().probes().stream()
                        .map(probe -> new Removal.Probe(probe.by(), probe.path(), probe.result()))
                        .toList(),
                record.evidence().monitorHealth());
    }

    @GET
    @Path("/policy")
    @Operation(
            operationId = "getPolicy",
            summary = "The policy of a group",
            description = "How the group is watched over, and how large it may grow. A group without one of its own"
                    + " has the default.")
    @APIResponse(
            responseCode = "200",
            description = "The policy",
            content = @Content(schema = @Schema(implementation = Policy.class)))
    public CompletionStage<Policy> policy(
            @PathParam("namespace") String namespace,
            @PathParam("group") String groupName,
            @Context RoutingContext http) {
        GroupKey group = ResourceNames.group(namespace, groupName);
        return reads.read(http, state -> state.policy(group)).thenApply(GroupResource::policy);
    }

    @PUT
    @Path("/policy")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putPolicy",
            summary = "Set the policy of a group",
            description = "Replaces the whole policy: a field that is absent gets its default. `intervalMillis` is 100"
                    + " to 60,000, `misses` 1 to 10, `maxMembers` 1 to 1,000,000.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Policy.class)))
    @APIResponse(
            responseCode = "200",
            description = "The policy that holds from now on",
            content = @Content(schema = @Schema(implementation = Policy.class)))
    @APIResponse(responseCode = "507", ref = "Full")
    public CompletionStage<Policy> putPolicy(
            @PathParam("namespace") String namespace,
            @PathParam("group") String groupName,
            @Context RoutingContext http) {
        GroupKey group = ResourceNames.group(namespace, groupName);
        GroupPolicy policy = PolicyValidation.policy(CollectedBody.json(http, Policy.class), timing);
        return writes.propose(
                        http,
                        List.of(namespace, groupName, "policy"),
                        digest -> digest.add(policy.intervalMillis())
                                .add(policy.misses())
                                .add(policy.maxMembers()),
                        new Command.PutPolicy(group, policy))
                .thenApply(result -> {
                    if (result instanceof Result.Refused refused) {
                        throw Refusals.problem(refused);
                    }
                    return policy(policy);
                });
    }

    private static Policy policy(GroupPolicy policy) {
        return new Policy(policy.intervalMillis(), policy.misses(), policy.maxMembers());
    }
}
