package io.groupmembership.node.api;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.node.raft.RaftStatus;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.protocol.api.MonitoredMembers;
import io.groupmembership.protocol.api.Nodes;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.cluster.PeerId;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The nodes, and whom each monitors. */
@Path("/v1/nodes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "nodes", description = "The nodes of the cluster, and the Raft group that they are")
public class NodesResource {
    private final Reads reads;
    private final Replica replica;
    private final EncodedBodies bodies;

    NodesResource(Reads reads, Replica replica, EncodedBodies bodies) {
        this.reads = reads;
        this.replica = replica;
        this.bodies = bodies;
    }

    @GET
    @Operation(
            operationId = "getNodes",
            summary = "The nodes of the cluster",
            description = "What the cluster has agreed on, and who leads in the eyes of the node that answers.")
    @APIResponse(
            responseCode = "200",
            description = "The nodes",
            content = @Content(schema = @Schema(implementation = Nodes.class)))
    public CompletionStage<Nodes> nodes(@Context RoutingContext http) {
        return reads.read(http, MembershipState::nodes).thenApply(nodes -> nodes(nodes, replica.status()));
    }

    /** A node that was taken out of the configuration is shown while it is live, and then no more. */
    private static boolean isShown(NodeRecord node, RaftStatus status) {
        List<RaftState.Peer> peers = status.state().peers();
        return node.live()
                || peers.isEmpty()
                || peers.stream().anyMatch(peer -> PeerId.nodeId(peer.peerId()).equals(node.nodeId()));
    }

    private static Nodes nodes(List<NodeRecord> records, RaftStatus status) {
        return new Nodes(
                status.leaderNodeId().orElse(null),
                status.state().term(),
                records.stream()
                        .filter(node -> isShown(node, status))
                        .sorted(Comparator.comparing(NodeRecord::nodeId))
                        .map(node -> new Nodes.Node(
                                node.nodeId(),
                                node.address(),
                                node.udpAddress(),
                                node.hashKey(),
                                role(node.nodeId(), status),
                                node.live(),
                                node.members()))
                        .toList());
    }

    private static String role(String nodeId, RaftStatus status) {
        if (status.leaderNodeId().filter(nodeId::equals).isPresent()) {
            return "leader";
        }
        return status.state().nodeId().equals(nodeId) ? status.state().role() : "follower";
    }

    @GET
    @Path("/{nodeId}/members")
    @Operation(
            operationId = "getMonitoredMembers",
            summary = "The members that a node monitors",
            description = "By group, members in join order.")
    @APIResponse(
            responseCode = "200",
            description = "The members",
            content = @Content(schema = @Schema(implementation = MonitoredMembers.class)))
    @APIResponse(responseCode = "404", ref = "NotFound")
    public CompletionStage<Response> members(@PathParam("nodeId") String nodeId, @Context RoutingContext http) {
        String id = ResourceNames.nodeId(nodeId);
        return LargeAnswers.of(
                http,
                reads.read(http, state -> monitoredBy(state, id))
                        .thenCompose(monitored -> bodies.unshared(
                                monitored.size(),
                                json -> StrictJson.mapper().writeValue(json, answer(id, monitored)))));
    }

    private record Monitored(GroupKey group, Member member) {}

    private static List<Monitored> monitoredBy(MembershipState state, String nodeId) {
        NodeRecord node = state.node(nodeId)
                .orElseThrow(() -> Problems.notFound("unknown-node", "the cluster has no node " + nodeId));
        List<Monitored> monitored = new ArrayList<>(node.members());
        state.forEachMonitoredBy(node.slot(), (group, member) -> monitored.add(new Monitored(group.group(), member)));
        return monitored;
    }

    private static MonitoredMembers answer(String nodeId, List<Monitored> monitored) {
        return new MonitoredMembers(
                nodeId,
                monitored.stream()
                        .map(one -> new MonitoredMembers.Monitored(
                                one.group().namespace(),
                                one.group().name(),
                                one.member().memberId(),
                                one.member().incarnation(),
                                one.member().assignmentEpoch(),
                                one.member().spec().mode().word(),
                                one.member().spec().heartbeatAddress()))
                        .toList());
    }
}
