package io.groupmembership.node.api;

import io.groupmembership.node.raft.Replica;
import io.groupmembership.protocol.api.RaftState;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The Raft group; it is changed at the admin port. */
@Path("/v1/raft")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "nodes")
public class RaftResource {
    private final Replica replica;

    RaftResource(Replica replica) {
        this.replica = replica;
    }

    @GET
    @Operation(
            operationId = "getRaft",
            summary = "The Raft group",
            description = "As the node that answers sees it now, with or without a majority.")
    @APIResponse(
            responseCode = "200",
            description = "The state",
            content = @Content(schema = @Schema(implementation = RaftState.class)))
    @NonBlocking
    public RaftState raft() {
        return replica.status().state();
    }
}
