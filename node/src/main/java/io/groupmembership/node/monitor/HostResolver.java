package io.groupmembership.node.monitor;

import java.io.Closeable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of members' hosts. Names are looked up on threads of their own, {@value #THREADS} at most, as a lookup
 * may take seconds and the event loop must not wait. All methods belong to the event loop.
 *
 * <p>A name is looked up when its first member is watched, and again, once a second at most, while members of that name
 * miss pings. An address that was found stays in use until another is found: while DNS is down, members that answer
 * are not touched. A name of which no address was ever found makes its members miss their pings, as their process
 * can't be reached by what it told us.
 *
 * <p>Bounded: a name has one lookup under way at most and is dropped with its last member, so neither the cache nor
 * the queue outgrows the members.
 */
final class HostResolver implements Closeable {
    private static final int THREADS = 8;
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    /** How a name becomes addresses: blocking, and the first is used. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addressesOf(String name) throws UnknownHostException;
    }

    /** A host of one or more members. */
    static final class Host {
        private final String name;
        private final boolean literal;
        private @Nullable InetAddress address;
        private @Nullable String problem;
        private int members;
        private boolean lookedUp;
        private long lookedUpNanos;
        private boolean underWay;

        private Host(String name, boolean literal) {
            this.name = name;
            this.literal = literal;
        }

        /** The host of an address that can't be read: it never has an IP address. */
        static Host unusable(String problem) {
            Host host = new Host("", true);
            host.problem = problem;
            return host;
        }

        /** The address in use, if one was ever found. */
        Optional<InetAddress> address() {
            return Optional.ofNullable(address);
        }

        /** Why there is no address, where the last lookup failed; while the first is under way there is no problem. */
        Optional<String> problem() {
            return Optional.ofNullable(problem);
        }
    }

    private record Found(Host host, Optional<InetAddress> address, String problem) {}

    private final Lookup lookup;
    private final Map<String, Host> names = new HashMap<>();
    private final ConcurrentLinkedQueue<Found> found = new ConcurrentLinkedQueue<>();
    private final ThreadPoolExecutor threads;
    private long failures;

    HostResolver(Lookup lookup) {
        this.lookup = lookup;
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("monitor-lookup-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** The host of this name or IP literal, for one more member. */
    Host acquire(String hostText, long nowNanos) {
        Optional<InetAddress> literal = literal(hostText);
        if (literal.isPresent()) {
            Host host = new Host(hostText, true);
            host.address = literal.get();
            return host;
        }
        Host host = names.computeIfAbsent(hostText, name -> new Host(name, false));
        host.members++;
        refresh(host, nowNanos);
        return host;
    }

    private static Optional<InetAddress> literal(String hostText) {
        // Spares most names an exception: an IP literal has a colon or ends with a digit.
        char last = hostText.charAt(hostText.length() - 1);
        if (hostText.indexOf(':') < 0 && !(last >= '0' && last <= '9')) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(hostText));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** One member of this host is no longer watched. */
    void release(Host host) {
        if (!host.literal && --host.members == 0) {
            names.remove(host.name);
        }
    }

    /** Looks the name up again, unless it is an address, a lookup is under way or one ended within the last second. */
    void refresh(Host host, long nowNanos) {
        boolean fresh = host.lookedUp && nowNanos - host.lookedUpNanos < FRESH_NANOS;
        if (host.literal || host.underWay || fresh) {
            return;
        }
        host.underWay = true;
        threads.execute(() -> found.add(lookUp(host)));
    }

    private Found lookUp(Host host) {
        try {
            InetAddress[] addresses = lookup.addressesOf(host.name);
            return addresses.length > 0
                    ? new Found(host, Optional.of(addresses[0]), "")
                    : new Found(host, Optional.empty(), "host has no address");
        } catch (UnknownHostException e) {
            return new Found(host, Optional.empty(), "host name can't be resolved");
        } catch (RuntimeException e) {
            return new Found(host, Optional.empty(), "host name can't be resolved: " + e.getMessage());
        }
    }

    /** Takes what the lookups found since the last time. */
    void deliver(long nowNanos) {
        for (Found result = found.poll(); result != null; result = found.poll()) {
            Host host = result.host;
            host.underWay = false;
            host.lookedUp = true;
            host.lookedUpNanos = nowNanos;
            if (result.address.isPresent()) {
                host.address = result.address.get();
                host.problem = null;
            } else {
                host.problem = result.problem;
                failures++;
            }
        }
    }

    /** Lookups that found nothing. */
    long failures() {
        return failures;
    }

    /** Names that are kept. */
    int size() {
        return names.size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
