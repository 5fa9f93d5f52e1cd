package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.node.monitor.HostResolver.Host;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostResolverTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final InetAddress OLD = InetAddress.ofLiteral("10.0.0.1");
    private static final InetAddress NEW = InetAddress.ofLiteral("10.0.0.2");

    /** What DNS says; nothing where it is down. */
    private volatile List<InetAddress> dns = List.of(OLD);

    private final AtomicInteger lookups = new AtomicInteger();
    private final HostResolver resolver = new HostResolver(this::lookUp);

    @AfterEach
    void end() {
        resolver.close();
    }

    private InetAddress[] lookUp(String name) throws UnknownHostException {
        lookups.incrementAndGet();
        List<InetAddress> addresses = dns;
        if (addresses.isEmpty()) {
            throw new UnknownHostException(name);
        }
        return addresses.toArray(new InetAddress[0]);
    }

    @Test
    void anIpLiteralNeedsNoLookup() {
        assertThat(resolver.acquire("10.0.0.1", 0).address()).hasValue(OLD);
        assertThat(resolver.acquire("::1", 0).address()).hasValue(InetAddress.ofLiteral("::1"));
        assertThat(resolver.size()).isZero();
    }

    @Test
    void membersOfOneHostShareOneLookupAndTheLastOneTakesItAway() {
        // When
        Host first = resolver.acquire("web-0", 0);
        Host second = resolver.acquire("web-0", 0);
        awaitAddress(first, OLD, 0);
        // Then
        assertThat(second).isSameAs(first);
        assertThat(lookups).hasValue(1);
        // When
        resolver.release(first);
        assertThat(resolver.size()).isEqualTo(1);
        resolver.release(second);
        // Then
        assertThat(resolver.size()).isZero();
    }

    @Test
    void aHostThatMovedIsFoundAgainButIsAskedForOnceASecondAtMost() {
        // Given
        Host host = resolver.acquire("web-0", 0);
        awaitAddress(host, OLD, 0);
        dns = List.of(NEW);
        // When
        resolver.refresh(host, SECOND - 1);
        // Then
        assertThat(lookups).hasValue(1);
        // When
        resolver.refresh(host, SECOND);
        // Then
        awaitAddress(host, NEW, SECOND);
    }

    @Test
    void whileDnsIsDownTheAddressThatWasFoundStaysInUse() {
        // Given
        Host host = resolver.acquire("web-0", 0);
        awaitAddress(host, OLD, 0);
        dns = List.of();
        // When
        resolver.refresh(host, SECOND);
        awaitFailures(1, SECOND);
        // Then
        assertThat(host.address()).hasValue(OLD);
    }

    @Test
    void aNameThatIsUnknownIsAProblemUntilItIsKnown() {
        // Given
        dns = List.of();
        Host host = resolver.acquire("web-0", 0);
        assertThat(host.problem()).isEmpty();
        // When
        awaitFailures(1, 0);
        // Then
        assertThat(host.address()).isEmpty();
        assertThat(host.problem()).isPresent();
        // When
        dns = List.of(NEW);
        resolver.refresh(host, SECOND);
        // Then
        awaitAddress(host, NEW, SECOND);
        assertThat(host.problem()).isEmpty();
    }

    private void awaitAddress(Host host, InetAddress address, long nowNanos) {
        await().untilAsserted(() -> {
            resolver.deliver(nowNanos);
            assertThat(host.address()).hasValue(address);
        });
    }

    private void awaitFailures(int failures, long nowNanos) {
        await().untilAsserted(() -> {
            resolver.deliver(nowNanos);
            assertThat(resolver.failures()).isEqualTo(failures);
        });
    }
}
