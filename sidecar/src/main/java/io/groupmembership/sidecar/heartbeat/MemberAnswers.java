package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.clock.LeaseClock;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.lease.Drift;
import io.groupmembership.protocol.lease.MemberHeartbeat;
import io.groupmembership.sidecar.heartbeat.HeartbeatCounts.Fate;
import io.groupmembership.sidecar.member.Heartbeats;
import io.groupmembership.sidecar.member.StatusBoard;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a datagram, whichever way it came: an answer, a longer lease, or nothing.
 *
 * <p>Only a node's datagram for this member and its present incarnation, sealed with a key of that incarnation, has any
 * effect, and what it then has is {@link MemberHeartbeat}'s to say. Everything else is counted and dropped: the address
 * may have been somebody else's a minute ago, and an answer to a stranger would make this a tool for others. An answer
 * is as large as what it answers.
 *
 * <p>A datagram for this member under a key that it lacks asks for the key, once in a while: anybody can send one.
 * Thread-safe.
 */
public final class MemberAnswers implements Heartbeats {
    private static final long KEY_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long memberHash;
    private final LeaseClock clock;
    private final StatusBoard board;
    private final Runnable keyWanted;
    private final HeartbeatCounts counts = new HeartbeatCounts();
    private final MemberHeartbeat heartbeat = new MemberHeartbeat(Drift.BOUND);
    private final DatagramSeal seal = new DatagramSeal();
    private final HeartbeatKeys keys = new HeartbeatKeys();
    private final Datagram lastAck = new Datagram();
    private DatagramPath lastAckPath = DatagramPath.UDP;
    private boolean keyAsked;
    private long keyAskedNanos;

    /** @param keyWanted is run on the thread that brings a datagram under an unknown key, and must not wait */
    public MemberAnswers(long memberHash, LeaseClock clock, StatusBoard board, Runnable keyWanted) {
        this.memberHash = memberHash;
        this.clock = clock;
        this.board = board;
        this.keyWanted = keyWanted;
    }

    @Override
    public synchronized void adopt(long incarnation, Optional<HeartbeatKey> key) {
        if (heartbeat.adopt(incarnation)) {
            keys.clear();
        }
        if (incarnation == heartbeat.incarnation()) {
            key.ifPresent(keys::add);
        }
    }

    @Override
    public synchronized void end() {
        heartbeat.end();
        keys.clear();
    }

    public HeartbeatCounts counts() {
        return counts;
    }

    /**
     * Looks at the lease first, then takes what was received: after a pause, the fence comes before all news.
     *
     * @param answer is filled in and sealed where there is one
     * @param path the way that it came, and that an answer goes
     */
    Fate receive(Datagram received, Datagram answer, DatagramPath path) {
        board.fenceIfOver();
        Fate fate = take(received, answer, path);
        counts.add(fate);
        if (fate == Fate.UNKNOWN_KEY && mayAskForKey()) {
            keyWanted.run();
        }
        return fate;
    }

    private synchronized Fate take(Datagram received, Datagram answer, DatagramPath path) {
        if (!received.isWellFormed()) {
            return Fate.MALFORMED;
        }
        boolean forMe = received.memberHash() == memberHash
                && heartbeat.holds(received.incarnation())
                && received.type().isForMember();
        if (!forMe) {
            return Fate.STRANGE;
        }
        HeartbeatKey key = keys.find(received.keyId());
        if (key == null) {
            return Fate.UNKNOWN_KEY;
        }
        if (!seal.isAuthentic(received, key)) {
            return Fate.FORGED;
        }
        return switch (received.type()) {
            case PING -> acknowledge(received, answer, key, path);
            case PROBE -> answer(received, answer, key, heartbeat.probed(received.incarnation()));
            case CONFIRMATION -> confirm(received, path);
            case ACK, PROBE_ANSWER -> Fate.STRANGE;
        };
    }

    private Fate acknowledge(Datagram ping, Datagram answer, HeartbeatKey key, DatagramPath path) {
        long nowNanos = clock.nanos();
        long repeatAfterNanos = TimeUnit.MILLISECONDS.toNanos(ping.millis());
        long number = heartbeat.pinged(ping.incarnation(), ping.epoch(), ping.sequence(), repeatAfterNanos, nowNanos);
        Fate fate = answer(ping, answer, key, number);
        if (fate == Fate.ANSWERED) {
            lastAck.beAgain(answer, number, nowNanos);
            lastAckPath = path;
        }
        return fate;
    }

    /** For how long there is nothing to repeat, as far as is known; 0 or less for now. */
    synchronized long nanosToRepeat() {
        return heartbeat.awaitsConfirmation() ? heartbeat.repeatDueNanos() - clock.nanos() : Long.MAX_VALUE;
    }

    /** Where the last ack is to be sent once more, {@code ack} is that, sealed. The path that it went, or null. */
    @Nullable DatagramPath repeat(Datagram ack) {
        board.fenceIfOver();
        return repeatIfDue(ack);
    }

    private synchronized @Nullable DatagramPath repeatIfDue(Datagram ack) {
        HeartbeatKey key = keys.find(lastAck.keyId());
        long number = heartbeat.repeated(clock.nanos());
        if (number == MemberHeartbeat.NONE || key == null) {
            return null;
        }
        ack.beAgain(lastAck, number, clock.nanos());
        seal.seal(ack, key);
        return lastAckPath;
    }

    private Fate answer(Datagram received, Datagram answer, HeartbeatKey key, long number) {
        if (number == MemberHeartbeat.NONE) {
            return Fate.STALE;
        }
        answer.beAnswerTo(received, number, clock.nanos());
        seal.seal(answer, key);
        return Fate.ANSWERED;
    }

    private Fate confirm(Datagram confirmation, DatagramPath path) {
        long nowNanos = clock.nanos();
        boolean counted = heartbeat.confirmed(
                confirmation.incarnation(),
                confirmation.epoch(),
                confirmation.sequence(),
                confirmation.memberSentNanos(),
                TimeUnit.MILLISECONDS.toNanos(confirmation.millis()),
                nowNanos);
        if (!counted) {
            return Fate.STALE;
        }
        if (heartbeat.isValid(nowNanos)) {
            board.confirmed(heartbeat.incarnation(), nowNanos + heartbeat.leftNanos(nowNanos), path);
        }
        return Fate.CONFIRMED;
    }

    private synchronized boolean mayAskForKey() {
        long nowNanos = clock.nanos();
        if (keyAsked && nowNanos - keyAskedNanos < KEY_PAUSE_NANOS) {
            return false;
        }
        keyAsked = true;
        keyAskedNanos = nowNanos;
        return true;
    }
}
