package io.groupmembership.node.access.kubernetes;

import io.groupmembership.node.access.AccessDecision;
import io.groupmembership.node.access.AccessPolicy;
import io.groupmembership.node.access.Attributes;
import io.groupmembership.node.access.Authentication;
import io.groupmembership.node.access.Authority;
import io.groupmembership.node.access.Caller;
import io.groupmembership.node.access.Pod;
import io.groupmembership.node.access.QuestionCache;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Asks the API server who a token is of (TokenReview), what a caller may (SubjectAccessReview), and where a pod is. Answers
 * hold for ten seconds, refusals for three, and that nobody could be asked for one.
 */
public final class KubernetesAuthority implements Authority {
    private static final Duration HOLDS = Duration.ofSeconds(10);
    private static final Duration REFUSED = Duration.ofSeconds(3);
    private static final Duration UNKNOWN = Duration.ofSeconds(1);
    private static final int MOST_ANSWERS = 8_192;
    private static final int MOST_TOKEN_CHARACTERS = 8_192;

    /** What every token of a service account looks like (RFC 7515); anything else is not asked about. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private record Wish(String callerId, Set<String> groups, Attributes wanted) {}

    private final ApiServer server;
    private final QuestionCache<String, Authentication> callers;
    private final QuestionCache<Wish, AccessDecision> decisions;
    private final QuestionCache<String, AccessDecision> namespaces;
    private final QuestionCache<Pod, Optional<Set<InetAddress>>> addresses;
    private final Optional<String> allowedNamespaces;

    /**
     * @param credentials a directory with the files token and ca.crt, as pods have it
     * @param allowedNamespaces a selector of the namespaces whose pods may join, by their labels; empty: all
     * @param clock nanoseconds
     * @throws io.groupmembership.node.access.PolicyException where the credentials can't be read
     */
    public KubernetesAuthority(URI server, Path credentials, Optional<String> allowedNamespaces, LongSupplier clock) {
        this.server = new ApiServer(server, credentials);
        this.allowedNamespaces = allowedNamespaces;
        namespaces = decisions(clock);
        callers = new QuestionCache<>(
                MOST_ANSWERS,
                answer -> answer instanceof Authentication.Known,
                answer -> switch (answer) {
                    case Authentication.Known _ -> HOLDS;
                    case Authentication.Refused _ -> REFUSED;
                    case Authentication.Unknown _ -> UNKNOWN;
                },
                clock);
        decisions = decisions(clock);
        addresses = new QuestionCache<>(
                MOST_ANSWERS,
                answer -> answer.isPresent() && !answer.get().isEmpty(),
                answer -> answer.isPresent() && !answer.get().isEmpty() ? HOLDS : UNKNOWN,
                clock);
    }

    private static <Q> QuestionCache<Q, AccessDecision> decisions(LongSupplier clock) {
        return new QuestionCache<>(
                MOST_ANSWERS,
                answer -> answer instanceof AccessDecision.Allow,
                answer -> switch (answer) {
                    case AccessDecision.Allow _ -> HOLDS;
                    case AccessDecision.Deny _ -> REFUSED;
                    case AccessDecision.Unknown _ -> UNKNOWN;
                },
                clock);
    }

    @Override
    public void refresh() {
        server.refresh();
    }

    /** Calls of the API server that were made. */
    public long calls() {
        return server.calls();
    }

    /** Calls of the API server that were not made, or brought nothing. */
    public long failures() {
        return server.failures();
    }

    @Override
    public CompletableFuture<Authentication> authenticate(String token) {
        if (token.length() > MOST_TOKEN_CHARACTERS || !TOKEN.matcher(token).matches()) {
            return CompletableFuture.completedFuture(
                    new Authentication.Refused("the token is not one of a service account"));
        }
        return callers.ask(
                AccessPolicy.sha256(token),
                () -> server.post("/apis/authentication.k8s.io/v1/tokenreviews", Questions.tokenReview(token))
                        .thenApply(Questions::authentication));
    }

    @Override
    public CompletableFuture<AccessDecision> decide(Caller caller, Attributes wanted) {
        return decisions.ask(
                new Wish(caller.id(), caller.groups(), wanted),
                () -> server.post(
                                "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                                Questions.subjectAccessReview(caller, wanted))
                        .thenApply(Questions::decision));
    }

    @Override
    public CompletableFuture<AccessDecision> decideOn(String namespace) {
        return allowedNamespaces.isEmpty()
                ? CompletableFuture.completedFuture(new AccessDecision.Allow("all namespaces are allowed"))
                : namespaces.ask(
                        namespace,
                        () -> server.get(Questions.namespacePath(namespace, allowedNamespaces.get()))
                                .thenApply(answer -> Questions.allowed(answer, namespace)));
    }

    @Override
    public CompletableFuture<Optional<Set<InetAddress>>> addressesOf(Pod pod) {
        return addresses.ask(
                pod, () -> server.get(Questions.podPath(pod)).thenApply(answer -> Questions.addresses(answer, pod)));
    }
}
