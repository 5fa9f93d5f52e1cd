package io.groupmembership.node.api;

import io.groupmembership.membership.GroupView;
import io.groupmembership.protocol.api.Groups;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
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
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Every group of the cluster. */
@Path("/v1/groups")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "groups")
public class GroupsResource {
    private final Reads reads;
    private final EncodedBodies bodies;

    GroupsResource(Reads reads, EncodedBodies bodies) {
        this.reads = reads;
        this.bodies = bodies;
    }

    @GET
    @Operation(
            operationId = "getGroups",
            summary = "Every group",
            description = "By namespace and name, without the members.")
    @APIResponse(
            responseCode = "200",
            description = "The groups",
            content = @Content(schema = @Schema(implementation = Groups.class)))
    public CompletionStage<Response> groups(@Context RoutingContext http) {
        return LargeAnswers.of(
                http,
                reads.read(http, state -> state.groups())
                        .thenCompose(groups -> bodies.unshared(
                                groups.size(), json -> StrictJson.mapper().writeValue(json, groups(groups)))));
    }

    private static Groups groups(List<GroupView.Summary> summaries) {
        return new Groups(summaries.stream()
                .map(group -> new Groups.Group(
                        group.group().namespace(),
                        group.group().name(),
                        group.view(),
                        group.members(),
                        group.leader().orElse(null),
                        Instant.ofEpochMilli(group.changedAtMillis()).toString()))
                .toList());
    }
}
