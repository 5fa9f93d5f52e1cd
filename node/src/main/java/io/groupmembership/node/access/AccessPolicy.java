package io.groupmembership.node.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens and rules of a policy file. A request is allowed where one rule allows it; there is no rule that forbids. A
 * rule is for its users and for its groups' users, and "*" stands for any. Of a token only the SHA-256 is known.
 */
public final class AccessPolicy {
    private static final String ANY = "*";

    /** @param sha256 64 hexadecimal digits in lower case */
    public record Token(String name, String sha256, Set<String> groups) {}

    /**
     * @param users and groups: who; a rule of neither is for nobody, and an anonymous caller is in neither
     * @param namespaces "" is what is in no namespace; "*" is that too
     */
    public record Rule(
            Set<String> users, Set<String> groups, Set<String> verbs, Set<String> resources, Set<String> namespaces) {
        boolean allows(Caller caller, Attributes wanted) {
            return (has(users, caller.user()) || caller.groups().stream().anyMatch(group -> has(groups, group)))
                    && has(verbs, wanted.verb())
                    && has(resources, wanted.resource())
                    && has(namespaces, wanted.namespace());
        }

        private static boolean has(Set<String> words, String word) {
            return words.contains(word) || words.contains(ANY);
        }
    }

    private final Map<String, Caller> callers = new HashMap<>();
    private final List<Rule> rules;

    public AccessPolicy(List<Token> tokens, List<Rule> rules) {
        tokens.forEach(token -> callers.put(
                token.sha256(), new Caller(Caller.Proof.TOKEN, token.name(), "", token.groups(), Optional.empty())));
        this.rules = List.copyOf(rules);
    }

    /** The caller with this token. What is looked up is a hash, so that the time it takes tells nothing of a token. */
    public Optional<Caller> callerOf(String token) {
        return Optional.ofNullable(callers.get(sha256(token)));
    }

    public AccessDecision decide(Caller caller, Attributes wanted) {
        if (!caller.isAnonymous()) {
            for (Rule rule : rules) {
                if (rule.allows(caller, wanted)) {
                    return new AccessDecision.Allow("a rule of the policy");
                }
            }
        }
        return new AccessDecision.Deny("no rule of the policy allows it");
    }

    /** 64 hexadecimal digits. */
    public static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
