package io.groupmembership.protocol.heartbeat;

import java.util.Locale;

/** What carries datagrams between a node and a member's agent: the same datagrams, in either case. */
public enum DatagramPath {
    UDP,
    /** One connection, and the datagrams one behind the other in it. */
    TCP;

    /** udp or tcp. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
