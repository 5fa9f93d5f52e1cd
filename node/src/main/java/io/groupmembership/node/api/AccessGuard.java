package io.groupmembership.node.api;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.node.access.AccessControl;
import io.groupmembership.node.access.AccessDecision;
import io.groupmembership.node.access.Attributes;
import io.groupmembership.node.access.Authentication;
import io.groupmembership.node.access.Caller;
import io.groupmembership.node.access.Operation;
import io.groupmembership.node.access.Operations;
import io.groupmembership.node.access.Pod;
import io.groupmembership.node.access.SelfRule;
import io.groupmembership.node.raft.Replica;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Stands before everything that is served, resources and routes alike, and lets nobody pass who may not. It never blocks:
 * while an authority is asked, the request waits and its event loop does not. What {@link Operations} does not know is
 * not served.
 */
@ApplicationScoped
public class AccessGuard {
    private static final Duration RECHECK = Duration.ofSeconds(30);

    private final Executor readers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("gm-access-", 0).factory());

    private final AccessControl control;
    private final AccessAudit audit;
    private final Replica replica;

    AccessGuard(AccessControl control, AccessAudit audit, Replica replica) {
        this.control = control;
        this.audit = audit;
        this.replica = replica;
    }

    /** Whether everybody may do everything: nothing needs to be asked then. */
    public boolean isOpen() {
        return control.isOpen();
    }

    /** How often a stream asks whether it may go on. */
    public long recheckMillis() {
        return RECHECK.toMillis();
    }

    /** Goes on with the request, or answers it: 401, 403, 404, 405, 429 or 503. */
    public void admit(RoutingContext http, Operations served) {
        if (!control.perAddress().take(AccessAudit.remote(http))) {
            audit.denied(http, Caller.ANONYMOUS, UNKNOWN, "limited", "too many requests of this address");
            ProblemResponses.send(http, Problems.tooFast("this address sends more requests than one may"));
            return;
        }
        String path = decoded(http.request().path());
        Optional<Operations.Match> match = served.match(http.request().method().name(), path);
        boolean tellsMethods = served == Operations.OF_CLIENTS
                && http.request().method().equals(HttpMethod.OPTIONS)
                && path.startsWith("/v1/");
        if (tellsMethods
                || match.map(Operations.Match::operation).map(Operation::open).orElse(false)) {
            http.next();
            return;
        }
        CompletableFuture<Verdict> verdict = Credentials.authenticate(
                        http.request(), control.authority().orElseThrow())
                .thenCompose(who -> verdict(http, who, match, path));
        if (verdict.isDone()) {
            carryOut(http, verdict.join());
            return;
        }
        http.request().pause();
        Future.fromCompletionStage(verdict, http.vertx().getOrCreateContext()).onComplete(done -> {
            http.request().resume();
            carryOut(http, done.succeeded() ? done.result() : new Verdict.Stop(done.cause()));
        });
    }

    /** Whether the caller of a request that was admitted would be admitted now; so where nobody can say. */
    public Future<Boolean> stillAllowed(RoutingContext http) {
        AccessGrant grant = AccessGrant.of(http).orElseThrow();
        CompletableFuture<Boolean> allowed = Credentials.authenticate(
                        http.request(), control.authority().orElseThrow())
                .thenCompose(who -> switch (who) {
                    case Authentication.Known(Caller caller) ->
                        decide(caller, grant.match(), grant.wanted())
                                .thenApply(decision -> !(decision instanceof AccessDecision.Deny deny)
                                        || told(http, caller, grant.wanted(), deny));
                    case Authentication.Refused(String reason) ->
                        CompletableFuture.completedFuture(
                                told(http, grant.caller(), grant.wanted(), new AccessDecision.Deny(reason)));
                    case Authentication.Unknown _ -> CompletableFuture.completedFuture(true);
                });
        return Future.fromCompletionStage(allowed, http.vertx().getOrCreateContext());
    }

    private boolean told(RoutingContext http, Caller caller, Attributes wanted, AccessDecision.Deny deny) {
        audit.denied(http, caller, wanted, "forbidden", deny.reason());
        return false;
    }

    private static final Attributes UNKNOWN = new Attributes("", "", "", "");

    private sealed interface Verdict {
        record Go(AccessGrant grant, String reason) implements Verdict {}

        record Stop(Throwable problem) implements Verdict {}
    }

    private void carryOut(RoutingContext http, Verdict verdict) {
        switch (verdict) {
            case Verdict.Go(AccessGrant grant, String reason) -> {
                grant.keep(http);
                if (!grant.asItself()) {
                    audit.allowed(http, grant.caller(), grant.wanted(), reason);
                }
                http.next();
            }
            case Verdict.Stop(Throwable problem) -> ProblemResponses.send(http, problem);
        }
    }

    private CompletableFuture<Verdict> verdict(
            RoutingContext http, Authentication who, Optional<Operations.Match> match, String path) {
        Attributes wanted = match.map(found -> attributes(http, found)).orElse(UNKNOWN);
        return switch (who) {
            case Authentication.Known(Caller caller)
            when caller.isAnonymous() ->
                done(unauthenticated(http, wanted, "this needs a client certificate or a token"));
            case Authentication.Known(Caller caller)
            when !control.perCaller().take(caller.id()) -> {
                audit.denied(http, caller, wanted, "limited", "too many requests of this caller");
                yield done(new Verdict.Stop(Problems.tooFast("this caller sends more requests than one may")));
            }
            case Authentication.Known(Caller _)
            when match.isEmpty() ->
                done(new Verdict.Stop(AllowedMethods.of(path)
                        .map(Problems::methodNotAllowed)
                        .orElseGet(() -> Problems.ofStatus(404))));
            case Authentication.Known(Caller caller) -> known(http, caller, match.get(), wanted);
            case Authentication.Refused(String reason) -> done(unauthenticated(http, wanted, reason));
            case Authentication.Unknown(String reason) -> done(unknown(http, Caller.ANONYMOUS, wanted, reason));
        };
    }

    private static CompletableFuture<Verdict> done(Verdict verdict) {
        return CompletableFuture.completedFuture(verdict);
    }

    private Verdict unauthenticated(RoutingContext http, Attributes wanted, String reason) {
        audit.denied(http, Caller.ANONYMOUS, wanted, "unauthenticated", reason);
        return new Verdict.Stop(Problems.unauthenticated(reason));
    }

    private Verdict unknown(RoutingContext http, Caller caller, Attributes wanted, String reason) {
        audit.denied(http, caller, wanted, "unavailable", reason);
        return new Verdict.Stop(Problems.unavailable(reason));
    }

    private CompletableFuture<Verdict> known(
            RoutingContext http, Caller caller, Operations.Match match, Attributes wanted) {
        boolean joins = wanted.resource().equals("members") && wanted.verb().equals("create");
        if (joins
                && caller.pod()
                        .map(pod -> pod.namespace().equals(wanted.namespace()))
                        .orElse(false)) {
            return done(new Verdict.Go(new AccessGrant(caller, match, wanted, true), ""));
        }
        return decide(caller, match, wanted).thenApply(decision -> switch (decision) {
            case AccessDecision.Allow(String reason) ->
                new Verdict.Go(new AccessGrant(caller, match, wanted, false), reason);
            case AccessDecision.Deny(String reason) -> new Verdict.Stop(forbidden(http, caller, wanted, reason));
            case AccessDecision.Unknown(String reason) -> unknown(http, caller, wanted, reason);
        });
    }

    /** The problem of a caller that may not, which is written down and counted. */
    ProblemException forbidden(RoutingContext http, Caller caller, Attributes wanted, String reason) {
        audit.denied(http, caller, wanted, "forbidden", reason);
        return Problems.forbidden(caller.described() + " may not " + wanted.described() + ": " + reason);
    }

    private CompletableFuture<AccessDecision> decide(Caller caller, Operations.Match match, Attributes wanted) {
        return byItself(caller, match, wanted)
                .thenCompose(itself -> itself
                        ? CompletableFuture.completedFuture(new AccessDecision.Allow("the pod itself"))
                        : control.decide(caller, wanted));
    }

    private CompletableFuture<Boolean> byItself(Caller caller, Operations.Match match, Attributes wanted) {
        Optional<SelfRule.Question> question = caller.pod().flatMap(pod -> SelfRule.question(pod, match, wanted));
        if (question.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        Pod pod = caller.pod().orElseThrow();
        GroupKey group = new GroupKey(wanted.namespace(), match.parameters().getOrDefault("group", ""));
        // a change must not rest on what this node has not heard of yet
        CompletableFuture<?> upToDate = wanted.changes() ? replica.barrier() : CompletableFuture.completedFuture(true);
        return upToDate.thenApplyAsync(
                _ -> {
                    Optional<Map<String, String>> metadata = replica.read(state -> state.member(group, pod.name())
                            .map(member -> member.spec().metadata()));
                    return SelfRule.answer(question.get(), pod, metadata);
                },
                readers);
    }

    private static Attributes attributes(RoutingContext http, Operations.Match match) {
        boolean watch = http.queryParams().getAll("watch").contains("true");
        return match.operation().attributes(match.parameters(), watch);
    }

    /** As names are given to a resource: a plus sign is one. */
    private static String decoded(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
