package io.groupmembership.node.api;

import io.groupmembership.membership.KvCondition;
import java.util.Optional;

/**
 * Entity tags and the conditions made of them (RFC 9110, sections 8.8.3 and 13.1). The tag of a value is its version
 * in quotes. A condition is {@code *} or one strong tag; lists and weak tags are refused, because what they mean to a
 * compare-and-set is better not guessed.
 */
final class EntityTags {
    /** No value ever has this version: a tag that is well formed, but none of ours. */
    private static final long FOREIGN = -1;

    private static final String PHRASE = "must be * or one strong entity tag, as in \"17\"";

    private EntityTags() {}

    static String of(long version) {
        return "\"" + version + "\"";
    }

    /** What If-Match and If-None-Match of a write ask for; a problem that names the header where it is not that. */
    static KvCondition condition(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
        if (ifMatch.isPresent() && ifNoneMatch.isPresent()) {
            throw Problems.invalidHeader("If-None-Match", "must not come with If-Match");
        }
        if (ifMatch.isPresent()) {
            String value = ifMatch.get().strip();
            return value.equals("*")
                    ? new KvCondition.Present()
                    : new KvCondition.VersionIs(version("If-Match", value));
        }
        if (ifNoneMatch.isPresent()) {
            String value = ifNoneMatch.get().strip();
            return value.equals("*")
                    ? new KvCondition.Absent()
                    : new KvCondition.VersionIsNot(version("If-None-Match", value));
        }
        return new KvCondition.Always();
    }

    private static long version(String header, String tag) {
        boolean quoted = tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"");
        String inner = quoted ? tag.substring(1, tag.length() - 1) : "";
        if (!quoted || !inner.chars().allMatch(EntityTags::isTagCharacter)) {
            throw Problems.invalidHeader(header, PHRASE);
        }
        boolean number = !inner.isEmpty()
                && inner.length() <= 18
                && inner.charAt(0) != '0'
                && inner.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(inner) : FOREIGN;
    }

    private static boolean isTagCharacter(int c) {
        return c > ' ' && c != '"' && c != 0x7F;
    }
}
