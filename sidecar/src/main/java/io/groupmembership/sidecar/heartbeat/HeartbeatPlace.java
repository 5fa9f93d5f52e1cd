package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;

/**
 * Where an agent binds its socket for heartbeats, and which address it tells the nodes.
 *
 * @param bind port 0 for any free one
 * @param host what to tell the nodes
 */
public record HeartbeatPlace(InetSocketAddress bind, String host) {
    /**
     * In this order: the heartbeat address where one is given; a free port on the application's host; a free port on
     * the address from which this machine reaches a node. A given host that is no address of this machine (behind a
     * translation of addresses) is told to the nodes as it is, and the socket listens on every address.
     *
     * @throws IOException where a host is unknown, or no node can be reached from here
     */
    public static HeartbeatPlace choose(
            Optional<HostPort> heartbeatAddress, Optional<HostPort> application, List<HostPort> nodes)
            throws IOException {
        if (heartbeatAddress.isPresent()) {
            HostPort given = heartbeatAddress.get();
            return new HeartbeatPlace(local(given.host(), given.port()), given.host());
        }
        if (application.isPresent()) {
            String host = application.get().host();
            return new HeartbeatPlace(local(host, 0), host);
        }
        IOException last = new UnknownHostException("no node");
        for (HostPort node : nodes) {
            try {
                InetAddress here = addressToward(node);
                return new HeartbeatPlace(new InetSocketAddress(here, 0), literal(here));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The address as the nodes are told it, with the port that the socket has got. */
    public String advertised(int port) {
        return new HostPort(host, port).toString();
    }

    private static InetSocketAddress local(String host, int port) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        boolean here = address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        return here ? new InetSocketAddress(address, port) : new InetSocketAddress(port);
    }

    /** The address that a datagram to the node would leave from. Nothing is sent. */
    private static InetAddress addressToward(HostPort node) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(new InetSocketAddress(InetAddress.getByName(node.host()), node.port()));
            return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
