package io.groupmembership.membership.simulation;

import java.util.BitSet;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** True time, what is to happen in it, chance, and the network. One seed is one world. */
final class World {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    private record Event(long atNanos, long order, Actor owner, int life, boolean packet, Runnable action)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final int ANY_LIFE = -1;

    final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final int places;
    private final BitSet cut = new BitSet();
    private long nowNanos;
    private long order;
    private long happened;

    private final @Nullable Consumer<String> story;

    double loss;
    double duplicates;

    /** How many of a hundred messages are late, and how late they may be. */
    int latePercent;

    long latestNanos = MILLI;

    /**
     * @param places where processes are: messages between two of them may be cut off, each way for itself
     * @param story is told what happens, for people; null where nobody listens
     */
    World(long seed, int places, @Nullable Consumer<String> story) {
        this.story = story;
        this.random = new SplittableRandom(seed);
        this.places = places;
    }

    void tell(Supplier<String> what) {
        if (story != null) {
            story.accept("%8.3f s  %s".formatted(nowNanos / 1e9, what.get()));
        }
    }

    long now() {
        return nowNanos;
    }

    long events() {
        return happened;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    long between(long low, long high) {
        return random.nextLong(low, high);
    }

    // ---- time

    /** Whatever happens then, it is no process's. */
    void at(long trueNanos, Runnable action) {
        events.add(new Event(Math.max(trueNanos, nowNanos), order++, NOBODY, ANY_LIFE, false, action));
    }

    void after(long nanos, Runnable action) {
        at(nowNanos + nanos, action);
    }

    /** A timer of a process; gone with its life. */
    void timer(Actor owner, long trueNanos, Runnable action) {
        events.add(new Event(Math.max(trueNanos, nowNanos), order++, owner, owner.life(), false, action));
    }

    private static final Actor NOBODY = new Actor(-1, new Clock(0, 1, false));

    void runUntil(long trueNanos) {
        Event next = events.peek();
        while (next != null && next.atNanos() <= trueNanos) {
            events.remove();
            nowNanos = next.atNanos();
            happened++;
            if (next.life() == ANY_LIFE || next.life() == next.owner().life()) {
                next.owner().take(next.packet(), next.action());
            }
            next = events.peek();
        }
        nowNanos = Math.max(nowNanos, trueNanos);
    }

    // ---- the network

    void cut(int from, int to, boolean isCut) {
        cut.set(from * places + to, isCut);
    }

    void healAll() {
        cut.clear();
        loss = 0;
        duplicates = 0;
        latePercent = 0;
        latestNanos = MILLI;
    }

    boolean reaches(int from, int to) {
        return !cut.get(from * places + to);
    }

    long delay() {
        long nanos = between(MILLI / 5, 5 * MILLI);
        return random.nextInt(100) < latePercent ? nanos + between(0, latestNanos) : nanos;
    }

    /**
     * A datagram: it may be lost, late, overtaken or doubled.
     *
     * @param toThePlace whether it is for whoever has the receiver's place then, and not for this life of it alone
     */
    void datagram(int from, int to, Actor receiver, boolean toThePlace, Runnable arrival) {
        if (!reaches(from, to) || chance(loss)) {
            return;
        }
        int life = toThePlace ? ANY_LIFE : receiver.life();
        events.add(new Event(nowNanos + delay(), order++, receiver, life, true, arrival));
        if (duplicates > 0 && chance(duplicates)) {
            events.add(new Event(nowNanos + delay(), order++, receiver, life, true, arrival));
        }
    }

    /** A message over a connection: it is late or, where the way is cut, lost. To whoever has the place then. */
    void message(int from, int to, Actor receiver, Runnable arrival) {
        if (reaches(from, to)) {
            events.add(new Event(nowNanos + delay(), order++, receiver, ANY_LIFE, true, arrival));
        }
    }
}
