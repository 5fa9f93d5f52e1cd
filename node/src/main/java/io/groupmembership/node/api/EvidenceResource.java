package io.groupmembership.node.api;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.Result;
import io.groupmembership.protocol.api.EvidenceRequest;
import io.groupmembership.protocol.api.EvidenceResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Word from those who know better than a heartbeat: a kubelet that saw a process end. */
@Path("/v1/namespaces/{namespace}/groups/{group}/evidence")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "members", description = "Join and leave a group")
public class EvidenceResource {
    /** A member may change hands between the look at it and the removal. */
    private static final int ATTEMPTS = 3;

    private final Reads reads;
    private final Writes writes;

    EvidenceResource(Reads reads, Writes writes) {
        this.reads = reads;
        this.writes = writes;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "giveEvidence",
            summary = "Say that members' processes have ended",
            description = "For an operator that watches the containers. Ends exactly the incarnations that are named,"
                    + " at once and in one view; one that has ended already is passed over. Heartbeats are not waited"
                    + " for, so only what is certain belongs here.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = EvidenceRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "How many memberships ended",
            content = @Content(schema = @Schema(implementation = EvidenceResponse.class)))
    public CompletionStage<EvidenceResponse> give(
            @PathParam("namespace") String namespace,
            @PathParam("group") String groupName,
            @Context RoutingContext http) {
        GroupKey group = ResourceNames.group(namespace, groupName);
        // where nothing is left to end, nothing is proposed
        IdempotencyKeys.check(RequestHeaders.single(http.request(), IdempotencyKeys.HEADER));
        List<EvidenceValidation.Ended> ended =
                EvidenceValidation.ended(CollectedBody.json(http, EvidenceRequest.class));
        return remove(group, ended, http, ATTEMPTS).thenApply(EvidenceResponse::new);
    }

    private CompletableFuture<Integer> remove(
            GroupKey group, List<EvidenceValidation.Ended> ended, RoutingContext http, int attempts) {
        return reads.read(http, state -> targets(state, group, ended)).thenCompose(targets -> {
            if (targets.isEmpty()) {
                return CompletableFuture.completedFuture(0);
            }
            return writes.propose(
                            http,
                            List.of(group.namespace(), group.name(), "evidence", Integer.toString(attempts)),
                            digest -> targets.forEach(target -> digest.add(target.incarnation())),
                            new Command.Remove(targets))
                    .thenCompose(result -> {
                        int removed = ((Result.Removed) result).members();
                        return removed == targets.size() || attempts == 1
                                ? CompletableFuture.completedFuture(removed)
                                : remove(group, ended, http, attempts - 1).thenApply(more -> removed + more);
                    });
        });
    }

    private static List<Command.Target> targets(
            MembershipState state, GroupKey group, List<EvidenceValidation.Ended> ended) {
        return ended.stream()
                .flatMap(one -> state
                        .member(group, one.memberId())
                        .filter(member -> member.incarnation() == one.incarnation())
                        .map(member -> target(group, member, one))
                        .stream())
                .toList();
    }

    private static Command.Target target(GroupKey group, Member member, EvidenceValidation.Ended ended) {
        return new Command.Target(
                group,
                member.spec().memberId(),
                member.incarnation(),
                member.assignmentEpoch(),
                ended.failed() ? LeaveReason.CRASHED : LeaveReason.LEFT,
                new Evidence(-1, List.of(new Evidence.Probe(ended.by(), "kubelet", ended.detail())), Map.of()));
    }
}
