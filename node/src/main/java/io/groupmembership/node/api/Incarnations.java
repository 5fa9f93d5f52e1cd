package io.groupmembership.node.api;

import java.util.Optional;
import java.util.OptionalLong;

/** Reads an incarnation out of a query. */
final class Incarnations {
    private Incarnations() {}

    /** A problem that names the parameter where it is no incarnation: digits, 1 or more. */
    static OptionalLong parse(Optional<String> parameter) {
        if (parameter.isEmpty()) {
            return OptionalLong.empty();
        }
        String text = parameter.get();
        try {
            // "+1" is a number to parseLong
            long incarnation = text.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.parseLong(text) : 0;
            if (incarnation >= 1) {
                return OptionalLong.of(incarnation);
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw Problems.invalidParameter("incarnation", "must be an integer from 1 to " + Long.MAX_VALUE);
    }
}
