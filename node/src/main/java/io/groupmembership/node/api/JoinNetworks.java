package io.groupmembership.node.api;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.node.monitor.ProbeNetworks;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.HostPort;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether joiners that nodes will connect to are where nodes may. Names are looked up on threads of their own, for {@value
 * #MOST_LOOKUPS} requests at a time. A name that leads nowhere yet may join: its address is looked at again at each ping.
 */
@ApplicationScoped
class JoinNetworks {
    private static final int MOST_LOOKUPS = 32;
    private static final long LIMIT_SECONDS = 3;

    private final Executor threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("gm-lookup-", 0).factory());
    private final Semaphore lookups = new Semaphore(MOST_LOOKUPS);
    private final ProbeNetworks networks;

    JoinNetworks(ProbeNetworks networks) {
        this.networks = networks;
    }

    /** Completes where all are; fails with a problem that names the field otherwise. */
    CompletableFuture<?> check(List<Joiner> joiners) {
        List<String> hosts = networks == ProbeNetworks.ANY
                ? List.of()
                : joiners.stream()
                        .filter(joiner -> joiner.spec().mode() != HeartbeatMode.UDP)
                        .map(joiner -> host(joiner.spec().heartbeatAddress()))
                        .distinct()
                        .toList();
        if (hosts.isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        if (!lookups.tryAcquire()) {
            throw Problems.overloaded("too many joiners' addresses are being looked up");
        }
        CompletableFuture<Void> checked = CompletableFuture.runAsync(
                () -> {
                    try {
                        hosts.forEach(this::check);
                    } finally {
                        lookups.release();
                    }
                },
                threads);
        return checked.copy()
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException
                                ? Problems.unavailable("a joiner's address can't be looked up in time")
                                : failure));
    }

    private void check(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!networks.permits(address)) {
                    throw Problems.invalidField(
                            "heartbeatAddress", "must be where nodes may connect to, gm.probe-networks: " + host);
                }
            }
        } catch (UnknownHostException e) {
            // nobody is connected to at a name that leads nowhere
        }
    }

    /** The host of host:port, or of host:port/path; both were checked to be that. */
    static String host(String address) {
        int slash = address.indexOf('/');
        return HostPort.parse(slash < 0 ? address : address.substring(0, slash)).host();
    }
}
