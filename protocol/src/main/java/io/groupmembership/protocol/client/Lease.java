package io.groupmembership.protocol.client;

import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.clock.LeaseClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether this process may act as a member of its group, for an application beside an agent:
 *
 * <pre>
 * try (Lease lease = Lease.of(URI.create("http://127.0.0.1:7117"))) {
 *     ...
 *     if (lease.isValid()) { store.write(lease.incarnation(), value); }
 * }
 * </pre>
 *
 * <p>The rule: {@link #isValid} compares the end of the lease, which a thread asks the agent for again and again, with
 * the boot clock. It does no I/O, waits for nobody, and needs nobody to find out that the time is over: an agent that is
 * stopped or gone, a machine that was suspended and a network that is cut all end in {@code false}. As long as it says
 * true, no view leaves this incarnation out, unless it was said goodbye for: end the application before its agent.
 *
 * <p>What it can't do: a process may be paused between the check and the act, and act late. Whoever can must let what is
 * acted upon decide: send the {@link #incarnation} along as a fencing token, and have every write refused that bears a
 * smaller one than the greatest seen.
 *
 * <p>Never true where the agent's clock is another than this process's. Native access ({@code --enable-native-access})
 * makes the clock exact; without it the lease ends up to a hundredth of a second early. Thread-safe.
 */
public final class Lease implements AutoCloseable {
    private static final Duration REFRESH = Duration.ofMillis(500);
    private static final int LIMIT_MILLIS = 2_000;
    private static final int MOST_BYTES = 64 * 1024;

    /** @param endsNanos by the boot clock */
    private record Term(long incarnation, long endsNanos) {
        boolean runs(long nowNanos) {
            return incarnation != 0 && endsNanos - nowNanos > 0;
        }
    }

    private static final Term NONE = new Term(0, 0);

    private final URI self;
    private final LeaseClock clock;
    private final boolean comparable;
    private final Thread refreshing;
    private volatile Term term = NONE;
    private volatile boolean closed;

    /** With the clock of a test, which the agent is assumed to share. */
    Lease(URI agent, LeaseClock clock, boolean comparable) {
        this.self = agent.resolve("/v1/self");
        this.clock = clock;
        this.comparable = comparable;
        this.refreshing = Thread.ofPlatform().name("lease refresh").daemon().unstarted(this::refreshAgainAndAgain);
    }

    /** @param agent where the agent of this process serves, as {@code http://127.0.0.1:7117} */
    public static Lease of(URI agent) {
        BootClock clock = BootClock.system();
        Lease lease = new Lease(agent, clock, clock.source().isShared());
        lease.start();
        return lease;
    }

    void start() {
        refreshing.start();
    }

    /** Whether this process may act as a member now. */
    public boolean isValid() {
        return term.runs(clock.nanos());
    }

    /** The incarnation of the lease that runs now: a fencing token. Empty where none does. */
    public Optional<Long> incarnation() {
        Term current = term;
        return current.runs(clock.nanos()) ? Optional.of(current.incarnation) : Optional.empty();
    }

    private void refreshAgainAndAgain() {
        while (!closed) {
            try {
                refresh();
            } catch (IOException e) {
                // an agent that does not answer extends nothing, and takes nothing back
            }
            try {
                Thread.sleep(REFRESH);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void refresh() throws IOException {
        Optional<SelfAnswer> answer = SelfAnswer.read(get());
        Term next = answer.filter(SelfAnswer::isMember)
                .filter(self -> comparable && BootClock.Source.isShared(self.clock()))
                .map(self -> new Term(self.incarnation(), self.leaseEndsNanos()))
                .orElse(NONE);
        synchronized (this) {
            term = closed ? NONE : next;
        }
    }

    private String get() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) self.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(LIMIT_MILLIS);
        connection.setReadTimeout(LIMIT_MILLIS);
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }

    /** From now on it is not valid. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            term = NONE;
        }
        refreshing.interrupt();
    }
}
