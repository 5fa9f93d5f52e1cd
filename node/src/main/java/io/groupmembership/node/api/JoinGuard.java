package io.groupmembership.node.api;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.node.access.AccessControl;
import io.groupmembership.node.access.AccessDecision;
import io.groupmembership.node.access.Pod;
import io.groupmembership.node.access.SelfRule;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Whether a pod that was let in to join as itself does so: with its own name, uid and addresses. Where it does not, it
 * needs a right to create members, as anybody else does.
 */
@ApplicationScoped
class JoinGuard {
    private final AccessControl control;
    private final AccessGuard guard;
    private final AccessAudit audit;
    private final JoinNetworks networks;

    JoinGuard(AccessControl control, AccessGuard guard, AccessAudit audit, JoinNetworks networks) {
        this.networks = networks;
        this.control = control;
        this.guard = guard;
        this.audit = audit;
    }

    /** Completes where all may join; fails with the problem otherwise. */
    CompletableFuture<?> admit(RoutingContext http, GroupKey group, List<Joiner> joiners) {
        Optional<AccessGrant> grant = AccessGrant.of(http).filter(AccessGrant::asItself);
        return grant.isEmpty()
                ? networks.check(joiners)
                : admit(http, grant.get(), group, joiners).thenCompose(_ -> networks.check(joiners));
    }

    private CompletableFuture<Boolean> admit(
            RoutingContext http, AccessGrant grant, GroupKey group, List<Joiner> joiners) {
        Pod pod = grant.caller().pod().orElseThrow();
        Optional<String> other = joiners.stream()
                .flatMap(
                        joiner -> SelfRule.joinProblem(
                                pod,
                                group.namespace(),
                                joiner.spec().memberId(),
                                joiner.spec().metadata())
                                .stream())
                .findFirst();
        if (other.isPresent()) {
            return byRight(http, grant, other.get());
        }
        return control.authority().orElseThrow().decideOn(pod.namespace()).thenCompose(decision -> switch (decision) {
            case AccessDecision.Allow _ -> atItsAddresses(http, grant, pod, joiners);
            case AccessDecision.Deny(String reason) -> byRight(http, grant, reason);
            case AccessDecision.Unknown(String reason) -> throw Problems.unavailable(reason);
        });
    }

    private CompletableFuture<Boolean> atItsAddresses(
            RoutingContext http, AccessGrant grant, Pod pod, List<Joiner> joiners) {
        return control.authority().orElseThrow().addressesOf(pod).thenCompose(addresses -> {
            if (addresses.isEmpty()) {
                throw Problems.unavailable("the addresses of pod " + pod.name() + " can't be asked for");
            }
            Optional<String> foreign = joiners.stream()
                    .flatMap(joiner -> addressProblem(joiner, addresses.get()).stream())
                    .findFirst();
            if (foreign.isPresent()) {
                return byRight(http, grant, foreign.get());
            }
            audit.allowed(http, grant.caller(), grant.wanted(), "the pod itself");
            return CompletableFuture.completedFuture(true);
        });
    }

    private static Optional<String> addressProblem(Joiner joiner, Set<InetAddress> addresses) {
        return SelfRule.addressProblem(
                        "address", JoinNetworks.host(joiner.spec().address()), addresses)
                .or(() -> SelfRule.addressProblem(
                        "heartbeatAddress", JoinNetworks.host(joiner.spec().heartbeatAddress()), addresses));
    }

    private CompletableFuture<Boolean> byRight(RoutingContext http, AccessGrant grant, String notItself) {
        return control.decide(grant.caller(), grant.wanted()).thenApply(decision -> switch (decision) {
            case AccessDecision.Allow(String reason) -> {
                audit.allowed(http, grant.caller(), grant.wanted(), reason);
                yield true;
            }
            case AccessDecision.Deny(String reason) ->
                throw guard.forbidden(http, grant.caller(), grant.wanted(), notItself + "; " + reason);
            case AccessDecision.Unknown(String reason) -> throw Problems.unavailable(reason);
        });
    }
}
