package io.groupmembership.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * A refusal or failure, as application/problem+json (RFC 9457).
 *
 * @param type urn:groupmembership:problem: and a short code that never changes
 * @param title the code in words
 * @param detail what was wrong this time, and what to do
 * @param field the name of the field that is wrong, as in {@code members[3].address}; null where no field is
 * @param incarnation the living incarnation, where a join or leave met another one
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String field,
        @Nullable Long incarnation) {
    /** What every type begins with. */
    public static final String TYPE_PREFIX = "urn:groupmembership:problem:";
}
