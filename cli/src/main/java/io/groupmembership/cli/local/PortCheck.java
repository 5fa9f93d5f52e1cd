package io.groupmembership.cli.local;

import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Which ports of a cluster another program holds: asked before anything is started. */
final class PortCheck {
    private PortCheck() {}

    /** The ports of these nodes that can't be bound now. */
    static List<LocalPorts.Use> taken(List<ClusterFile.Node> nodes) {
        return nodes.stream()
                .flatMap(node -> LocalPorts.uses(node).stream().filter(use -> !isFree(node.host(), use)))
                .toList();
    }

    /** What to tell the person whose ports are taken: the first port by name, how many more, and what to do. */
    static String message(List<LocalPorts.Use> taken, boolean newCluster) {
        LocalPorts.Use first = taken.getFirst();
        String more = taken.size() == 1 ? "" : " (and " + (taken.size() - 1) + " more)";
        String advice = newCluster
                ? "end that program, or choose others: gm up --base-port 8700"
                : "this cluster's ports were fixed when it was made: end that program, or make another cluster:"
                        + " gm up --data DIR --base-port 8700";
        return (first.udp() ? "UDP" : "TCP") + " port " + first.port() + more + ", wanted for the " + first.purpose()
                + ", is in use by another program: " + advice;
    }

    static boolean isFree(String host, LocalPorts.Use use) {
        InetSocketAddress address = new InetSocketAddress(host, use.port());
        try {
            if (use.udp()) {
                new DatagramSocket(address).close();
            } else {
                try (ServerSocket socket = new ServerSocket()) {
                    socket.setReuseAddress(true);
                    socket.bind(address);
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
