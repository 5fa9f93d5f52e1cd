package io.groupmembership.sidecar.member;

import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.clock.LeaseClock;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent's own state is written, by the membership and by its heartbeats, and read by everybody else. Each
 * change of state is one line of output.
 *
 * <p>The rule for members with leases: whoever asks is told {@code fenced} from the moment on at which the lease ends,
 * for that is worked out when they ask. The line, the listener and those who wait hear of it as soon as a thread looks,
 * and before anything else is written: every write looks first, so after a pause the fence comes before all news.
 */
public final class StatusBoard {
    /** Is told in the order of the lines, and must not wait for anything. */
    public interface Listener {
        /** The member may act as one: for the first time under this incarnation, or again. */
        void believes(long incarnation);

        /** The member may not act as one. */
        void fenced(long incarnation);
    }

    /** A change that those who wait are told of. The number grows by one with each. */
    public record Change(long number, MemberState state, long incarnation) {}

    private static final int MOST_RECENT = 16;

    private static final Listener NOBODY = new Listener() {
        @Override
        public void believes(long incarnation) {}

        @Override
        public void fenced(long incarnation) {}
    };

    private final Consumer<String> lines;
    private final String memberName;
    private final LeaseClock clock;
    private final boolean leased;
    private Listener listener = NOBODY;
    private volatile Self self = Self.joining(UUID.randomUUID());
    private String monitor = "";
    private Change told = new Change(0, MemberState.JOINING, 0);
    private final Deque<Change> recent = new ArrayDeque<>();

    private StatusBoard(String memberName, Consumer<String> lines, LeaseClock clock, boolean leased) {
        this.lines = lines;
        this.memberName = memberName;
        this.clock = clock;
        this.leased = leased;
    }

    /**
     * Of a member whose heartbeats confirm it.
     *
     * @param lines takes each line without waiting for whoever reads it
     */
    public static StatusBoard withLease(String memberName, Consumer<String> lines, LeaseClock clock) {
        return new StatusBoard(memberName, lines, clock, true);
    }

    /** Of a member that can't be fenced, as its monitor only looks whether it is there. */
    public static StatusBoard withoutLease(String memberName, Consumer<String> lines) {
        return new StatusBoard(memberName, lines, BootClock.system(), false);
    }

    public synchronized void tells(Listener newListener) {
        listener = newListener;
    }

    public Self now() {
        return leased ? self.at(clock.nanos()) : self;
    }

    /**
     * Waits until there is a change after the one with this number, and for so long at most.
     *
     * @param number negative for the last change, whatever it is
     * @return the changes after it in order, or the newest of them where there were many
     */
    public synchronized List<Change> awaitChanges(long number, Duration limit) throws InterruptedException {
        if (number < 0) {
            return List.of(told);
        }
        long endNanos = System.nanoTime() + limit.toNanos();
        long millis = limit.toMillis();
        while (told.number == number && millis > 0) {
            wait(millis);
            millis = (endNanos - System.nanoTime()) / 1_000_000;
        }
        return recent.stream().filter(change -> change.number > number).toList();
    }

    synchronized void joining(UUID instance) {
        fenceIfOver();
        self = self.withInstance(instance).inState(MemberState.JOINING);
        change(MemberState.JOINING, "");
    }

    synchronized void admitted(long incarnation, long view, String newMonitor) {
        fenceIfOver();
        self = self.withMembership(incarnation, view);
        monitor = newMonitor;
        if (leased) {
            line("admitted", admission());
        } else {
            believe();
        }
    }

    synchronized void view(long view, @Nullable String leader) {
        fenceIfOver();
        self = self.withView(view, leader);
    }

    synchronized void removed(long view, String reason) {
        fenceIfOver();
        self = self.withView(view, null).inState(MemberState.REMOVED);
        change(MemberState.REMOVED, " view " + view + " reason " + reason);
    }

    synchronized void left() {
        fenceIfOver();
        self = self.inState(MemberState.LEFT);
        change(MemberState.LEFT, "");
    }

    /** A confirmation counted, which came by this path, and the lease of this incarnation ends then. */
    public synchronized void confirmed(long incarnation, long leaseEndsNanos, DatagramPath path) {
        fenceIfOver();
        boolean current = self.state() == MemberState.MEMBER && self.incarnation() == incarnation;
        if (!current || leaseEndsNanos - clock.nanos() <= 0) {
            return;
        }
        self = self.withLease(leaseEndsNanos, path);
        if (told.state != MemberState.MEMBER) {
            believe();
        }
    }

    /**
     * Tells of the fence where the lease has run out and nobody has been told. Thread-safe and quick: to be called
     * whenever time may have passed.
     */
    public synchronized void fenceIfOver() {
        Long ends = self.leaseEndsNanos();
        if (told.state == MemberState.MEMBER && ends != null && ends - clock.nanos() <= 0) {
            change(MemberState.FENCED, "");
            listener.fenced(self.incarnation());
        }
    }

    /** Waits until there is a lease that runs, and returns when it ends. */
    public synchronized long awaitLease() throws InterruptedException {
        Long ends = self.leaseEndsNanos();
        while (told.state != MemberState.MEMBER || ends == null) {
            wait();
            ends = self.leaseEndsNanos();
        }
        return ends;
    }

    private void believe() {
        change(MemberState.MEMBER, admission());
        listener.believes(self.incarnation());
    }

    private String admission() {
        return " view " + self.view() + " monitor " + monitor;
    }

    private void change(MemberState state, String more) {
        told = new Change(told.number + 1, state, self.incarnation());
        recent.add(told);
        if (recent.size() > MOST_RECENT) {
            recent.remove();
        }
        line(state.word(), state == MemberState.JOINING ? "" : more);
        notifyAll();
    }

    private void line(String word, String more) {
        boolean named = self.incarnation() != 0 && !word.equals(MemberState.JOINING.word());
        lines.accept(word + " " + memberName + (named ? " incarnation " + self.incarnation() : "") + more);
    }
}
