package io.groupmembership.node.monitor;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.HostPort;

/**
 * Where a member's pings go.
 *
 * @param authority host:port as the member gave it
 * @param path what an http ping asks for, "/" where the member gave none
 */
record ProbeAddress(HostResolver.Host host, int port, String authority, String path) {
    /** The text of an address, taken apart. */
    record Parts(HostPort hostPort, String path) {}

    /**
     * Reads host:port or, for http, host:port/path.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    static Parts parse(String text, HeartbeatMode mode) {
        int slash = text.indexOf('/');
        if (slash < 0 || mode != HeartbeatMode.HTTP) {
            return new Parts(HostPort.parse(text), "/");
        }
        String path = text.substring(slash);
        // It becomes a line of a request: a blank or a line's end in it would write other lines.
        if (!path.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("must have a path of visible ASCII characters");
        }
        return new Parts(HostPort.parse(text.substring(0, slash)), path);
    }
}
