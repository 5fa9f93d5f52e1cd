package io.groupmembership.node.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a policy, YAML or JSON, to the letter: a field that is unknown, missing or of another type is named. */
public final class PolicyReader {
    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> VERBS = Set.of("*", "get", "list", "watch", "create", "update", "delete");

    private record Content(
            @Nullable List<@Nullable TokenEntry> tokens,
            @Nullable List<@Nullable RuleEntry> rules) {}

    private record TokenEntry(
            @Nullable String name,
            @Nullable String sha256,
            @Nullable List<@Nullable String> groups) {}

    private record RuleEntry(
            @Nullable List<@Nullable String> users,
            @Nullable List<@Nullable String> groups,
            @Nullable List<@Nullable String> verbs,
            @Nullable List<@Nullable String> resources,
            @Nullable List<@Nullable String> namespaces) {}

    private PolicyReader() {}

    /** @throws PolicyException with the field, and what is wrong with it */
    public static AccessPolicy read(String text) {
        Content content = content(text);
        List<AccessPolicy.Token> tokens = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        List<@Nullable TokenEntry> tokenEntries = content.tokens == null ? List.of() : content.tokens;
        for (int i = 0; i < tokenEntries.size(); i++) {
            AccessPolicy.Token token = token("tokens[" + i + "]", tokenEntries.get(i));
            check(names.add(token.name()), "tokens[" + i + "].name", "comes twice");
            check(hashes.add(token.sha256()), "tokens[" + i + "].sha256", "comes twice");
            tokens.add(token);
        }
        List<AccessPolicy.Rule> rules = new ArrayList<>();
        List<@Nullable RuleEntry> ruleEntries = content.rules == null ? List.of() : content.rules;
        for (int i = 0; i < ruleEntries.size(); i++) {
            rules.add(rule("rules[" + i + "]", ruleEntries.get(i)));
        }
        return new AccessPolicy(tokens, rules);
    }

    private static AccessPolicy.Token token(String at, @Nullable TokenEntry entry) {
        TokenEntry token = present(at, entry);
        String name = present(at + ".name", token.name);
        check(!name.isBlank() && !name.startsWith("system:"), at + ".name", "must be a name, without 'system:' before");
        String sha256 = present(at + ".sha256", token.sha256);
        check(
                SHA256.matcher(sha256).matches(),
                at + ".sha256",
                "must be the token's SHA-256, 64 hexadecimal digits in lower case");
        return new AccessPolicy.Token(name, sha256, words(at + ".groups", token.groups));
    }

    private static AccessPolicy.Rule rule(String at, @Nullable RuleEntry entry) {
        RuleEntry rule = present(at, entry);
        Set<String> users = words(at + ".users", rule.users);
        Set<String> groups = words(at + ".groups", rule.groups);
        check(!users.isEmpty() || !groups.isEmpty(), at + ".users", "or groups must say for whom the rule is");
        Set<String> verbs = some(at + ".verbs", rule.verbs);
        check(VERBS.containsAll(verbs), at + ".verbs", "must be of get, list, watch, create, update, delete and *");
        Set<String> resources = some(at + ".resources", rule.resources);
        check(
                Operations.resources().containsAll(without(resources)),
                at + ".resources",
                "must be of " + Operations.resources() + " and *");
        return new AccessPolicy.Rule(users, groups, verbs, resources, some(at + ".namespaces", rule.namespaces));
    }

    private static Set<String> without(Set<String> resources) {
        Set<String> named = new HashSet<>(resources);
        named.remove("*");
        return named;
    }

    private static Set<String> some(String at, @Nullable List<@Nullable String> list) {
        Set<String> words = words(at, list);
        check(!words.isEmpty(), at, "must be there");
        return words;
    }

    private static Set<String> words(String at, @Nullable List<@Nullable String> list) {
        Set<String> words = new HashSet<>();
        if (list != null) {
            for (int i = 0; i < list.size(); i++) {
                words.add(present(at + "[" + i + "]", list.get(i)));
            }
        }
        return words;
    }

    private static <T> T present(String at, @Nullable T value) {
        if (value == null) {
            throw new PolicyException(at + " must be there");
        }
        return value;
    }

    private static void check(boolean good, String at, String phrase) {
        if (!good) {
            throw new PolicyException(at + " " + phrase);
        }
    }

    private static Content content(String text) {
        try {
            Content content = MAPPER.readValue(text, Content.class);
            if (content == null) {
                throw new PolicyException("the file is empty: it must have tokens, rules or both");
            }
            return content;
        } catch (UnrecognizedPropertyException e) {
            throw new PolicyException(path(e) + " is no field of a policy");
        } catch (MismatchedInputException e) {
            throw new PolicyException(
                    e.getPath().isEmpty()
                            ? "the file must have tokens, rules or both"
                            : path(e) + " has the wrong type");
        } catch (JsonProcessingException e) {
            // what it says may quote the file: only the place is told
            throw new PolicyException("the file is no YAML at line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }
}
