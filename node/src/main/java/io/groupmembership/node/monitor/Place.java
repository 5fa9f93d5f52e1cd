package io.groupmembership.node.monitor;

import io.groupmembership.node.monitor.HostResolver.Host;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a member is, as far as that is known now. It belongs to the event loop. */
final class Place {
    final ProbeAddress address;
    private @Nullable InetSocketAddress target;

    private Place(ProbeAddress address) {
        this.address = address;
    }

    static Place of(MonitoredMember member, HostResolver hosts, long nowNanos) {
        try {
            ProbeAddress.Parts parts = ProbeAddress.parse(member.heartbeatAddress(), member.mode());
            Host host = hosts.acquire(parts.hostPort().host(), nowNanos);
            return new Place(new ProbeAddress(
                    host, parts.hostPort().port(), parts.hostPort().toString(), parts.path()));
        } catch (IllegalArgumentException e) {
            return new Place(new ProbeAddress(Host.unusable("its address " + e.getMessage()), 0, "", "/"));
        }
    }

    Host host() {
        return address.host();
    }

    /** Where pings go, if the host is known. */
    Optional<InetSocketAddress> target() {
        Optional<InetAddress> ip = address.host().address();
        if (ip.isEmpty()) {
            return Optional.empty();
        }
        InetSocketAddress known = target;
        if (known == null || !known.getAddress().equals(ip.get())) {
            known = new InetSocketAddress(ip.get(), address.port());
            target = known;
        }
        return Optional.of(known);
    }
}
