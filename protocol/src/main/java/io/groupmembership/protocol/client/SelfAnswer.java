package io.groupmembership.protocol.client;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent's answer to {@code GET /v1/self} says of a lease. The agent writes one flat object whose texts hold no
 * quotes, so a field is found without a JSON reader, which this module does not carry.
 *
 * @param clock the word for the agent's clock
 */
record SelfAnswer(String state, long incarnation, long leaseEndsNanos, String clock) {
    private static final String MEMBER = "member";

    /** Empty where the answer tells of no lease, or is none. */
    static Optional<SelfAnswer> read(String json) {
        Optional<String> state = field(json, "state", "\"([a-z]+)\"");
        Optional<String> incarnation = field(json, "incarnation", "(\\d{1,18})");
        Optional<String> ends = field(json, "leaseEndsBoottimeNanos", "(-?\\d{1,18})");
        Optional<String> clock = field(json, "clock", "\"([a-z_]+)\"");
        if (state.isEmpty() || incarnation.isEmpty() || ends.isEmpty() || clock.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SelfAnswer(
                state.get(), Long.parseLong(incarnation.get()), Long.parseLong(ends.get()), clock.get()));
    }

    private static Optional<String> field(String json, String name, String value) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*" + value + "\\s*[,}]")
                .matcher(json);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    boolean isMember() {
        return state.equals(MEMBER);
    }
}
