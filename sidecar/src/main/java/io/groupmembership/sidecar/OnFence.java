package io.groupmembership.sidecar;

import java.util.Locale;
import java.util.Optional;

/** What the agent does to its command when the member's lease has run out, besides saying so. */
enum OnFence {
    NOTIFY,
    /** A signal at the fence, and another when the member may act as one again. */
    SIGNAL,
    /** The command is ended, and the agent with it. */
    STOP;

    static Optional<OnFence> ofWord(String word) {
        for (OnFence one : values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
