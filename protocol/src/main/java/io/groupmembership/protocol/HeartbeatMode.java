package io.groupmembership.protocol;

import java.util.Locale;
import java.util.Optional;

/** How a member answers its monitor. The order is part of the formats of log and snapshot: add at the end. */
public enum HeartbeatMode {
    /** The member's agent acknowledges a datagram. */
    UDP,
    /** Accepting a connection is the answer: any process that listens can be a member. */
    TCP,
    /** A GET that is answered with a status of 200 to 399. */
    HTTP;

    /** The word of the API: udp, tcp or http. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<HeartbeatMode> ofWord(String word) {
        for (HeartbeatMode mode : values()) {
            if (mode.word().equals(word)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
