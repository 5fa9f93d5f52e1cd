package io.groupmembership.node.api;

import java.util.Optional;
import java.util.OptionalLong;

/** Reads an incarnation out of a query. */
final class Incarnations {
    private static final int MOST_DIGITS = 18;

    private Incarnations() {}

    /** A problem that names the parameter where it is no incarnation: digits, 1 or more. */
    static OptionalLong parse(Optional<String> parameter) {
        if (parameter.isEmpty()) {
            return OptionalLong.empty();
        }
        String text = parameter.get();
        boolean digits =
                !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(text) < 1) {
            throw Problems.invalidParameter("incarnation", "must be an integer, 1 or more");
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
