package io.groupmembership.node.monitor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The networks that members with the heartbeats tcp and http may be in: a node connects to nothing else, so that nobody
 * has it knock at doors of their choice. An address is looked at when it is used, whatever name it was found by.
 */
public final class ProbeNetworks {
    /** Any address. */
    public static final ProbeNetworks ANY = ProbeNetworks.of(List.of("0.0.0.0/0", "::/0"));

    /** This machine. */
    public static final ProbeNetworks LOOPBACK = ProbeNetworks.of(List.of("127.0.0.0/8", "::1/128"));

    private record Network(InetAddress first, int bits) {
        boolean has(byte[] address) {
            byte[] prefix = first.getAddress();
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = 0xff << Math.max(0, 8 - (bits - bit)) & 0xff;
                if (((address[bit / 8] ^ prefix[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Network> networks;

    private ProbeNetworks(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * @param networks as in "10.0.0.0/8" and "fd00::/8"
     * @throws IllegalArgumentException with what is wrong with one
     */
    public static ProbeNetworks of(List<String> networks) {
        List<Network> parsed = new ArrayList<>();
        for (String text : networks) {
            int slash = text.indexOf('/');
            try {
                InetAddress first = InetAddress.ofLiteral(text.substring(0, Math.max(0, slash)));
                int bits = Integer.parseInt(text.substring(slash + 1));
                if (bits < 0 || bits > first.getAddress().length * 8) {
                    throw new IllegalArgumentException("too many bits");
                }
                parsed.add(new Network(first, bits));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "gm.probe-networks must be networks as in 10.0.0.0/8 or fd00::/8, not '" + text + "'", e);
            }
        }
        return new ProbeNetworks(List.copyOf(parsed));
    }

    public boolean permits(InetAddress address) {
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.has(bytes));
    }
}
